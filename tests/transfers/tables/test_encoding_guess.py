"""Files that are no Unicode: what they are suggested to be."""

import pytest

from transfers.tables.encoding_guess import guess_encoding

GERMAN = "Ticketnummer;Betreff;Name\n1;Grüße aus Köln;Müller\n2;Ärger über die Öffnungszeiten;Jürgen Weiß\n"
FRENCH = "Numéro;Objet;Nom\n1;Problème de connexion;Hélène Lefèvre\n2;Où est ma commande ? Ça ne marche pas;François\n"
SPANISH = "Número;Asunto\n1;Contraseña olvidada\n2;¿Dónde está mi pedido?\n"
POLISH = "Numer;Temat\n1;Zażółć gęślą jaźń\n2;Łódź, proszę o pomoc\n"
CZECH = "Číslo;Předmět\n1;Příliš žluťoučký kůň\n2;Nemohu se přihlásit\n"
TURKISH = "Numara;Konu\n1;Şifremi değiştiremiyorum\n2;Giriş yapamıyorum, lütfen yardım\n"
RUSSIAN = "Номер;Тема\n1;Не могу войти в аккаунт\n2;Где мой заказ\n"
GREEK = "Αριθμός;Θέμα\n1;Δεν μπορώ να συνδεθώ\n"
JAPANESE = "番号,件名\n1,ログインできません\n2,注文はどこですか\n"
CHINESE = "编号,主题\n1,无法登录我的账户\n2,我的订单在哪里\n"
KOREAN = "번호,제목\n1,로그인할 수 없습니다\n"

WRITTEN = [
    *((GERMAN, name) for name in ("cp1252", "cp850", "mac_roman")),
    *((FRENCH, name) for name in ("cp1252", "mac_roman")),
    *((SPANISH, name) for name in ("cp1252", "mac_roman")),
    *((POLISH, "cp1250"), (CZECH, "cp1250"), (TURKISH, "cp1254")),
    *((RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (GREEK, "cp1253")),
    *((JAPANESE, "cp932"), (JAPANESE, "euc_jp"), (CHINESE, "gb18030"), (KOREAN, "euc_kr")),
]


@pytest.mark.parametrize(("text", "encoding"), WRITTEN, ids=lambda value: value if len(value) < 12 else value[:6])
def test_the_likeliest_encoding_reads_the_text(text, encoding):
    data = text.encode(encoding)
    assert data.decode(guess_encoding(data)) == text


@pytest.mark.parametrize("data", [b"", b"Subject\nplain\n", bytes(range(256)), "ä".encode("cp1252") * 100])
def test_something_is_always_suggested(data):
    assert guess_encoding(data)
