"""Customers who begin in their own language, and agents who answer so that both sides understand."""

from sandbox.demo.script import agent, customer, scenario, thanks

SCENARIOS = [
    scenario(
        locale="ja",
        tags="login how-to",
        priorities="normal",
        subjects=("ログインできません (cannot sign in)", "パスワード再設定について"),
        openings=(
            """パスワードを変更した後、ログインできなくなりました。(After I changed the password, I cannot sign in.)
            The message is 「認証に失敗しました」. I tried {browser} and also my phone.""",
        ),
        beats=(
            agent(
                """ご連絡ありがとうございます。Your password was accepted, but the account was locked for 30
                minutes after several attempts. I've unlocked it, so please try once more now.""",
            ),
            thanks("ログインできました。ありがとうございます!", "It works. どうもありがとうございました。"),
        ),
    ),
    scenario(
        locale="ar",
        tags="bug",
        priorities="normal",
        subjects=("النص العربي معكوس في ملف PDF (Arabic text reversed in PDF)",),
        openings=(
            """عند حفظ التقرير بصيغة PDF تظهر الحروف معكوسة وغير متصلة.

            In English: Arabic letters in the PDF are reversed and not connected. On screen it is correct.
            Version {version}, example number {invoice}.""",
        ),
        beats=(
            agent(
                """شكراً لك على البلاغ. Thank you for the example, it shows the problem clearly. Our PDF maker
                did not know about writing from right to left. It's filed as {eng}; until then, printing from
                the browser gives a correct result.""",
            ),
            customer("Printing from browser works, شكراً. Please tell me when the export is repaired."),
            agent(
                """It's repaired in {version_next}. I tried it with {invoice} and the name and address look
                right to me. هل هذا صحيح؟"""
            ),
            thanks("نعم، صحيح تماماً. Yes, all correct. Thank you!"),
        ),
    ),
    scenario(
        product="tidepool",
        locale="zh",
        tags="import",
        priorities="normal",
        subjects=("导入后中文乱码", "CSV 导入问题 / Chinese characters broken after import"),
        openings=(
            """导入 {file} 之后，中文全部变成乱码（例如 "锟斤拷"）。文件是 GB18030 编码。
            Does {product} support GB18030 or only UTF-8?""",
        ),
        beats=(
            agent(
                """Only UTF-8 so far. In WPS or Excel: 另存为 → CSV UTF-8. Then import again with *Update
                existing*, and the names are corrected."""
            ),
            thanks("好的，已经解决了，谢谢！", "UTF-8 works. 谢谢 🙏"),
        ),
    ),
    scenario(
        locale="el",
        tags="billing invoice",
        priorities="normal",
        subjects=("Τιμολόγιο με λάθος ΑΦΜ", "Invoice with wrong tax number (ΑΦΜ)"),
        openings=(
            """Το τιμολόγιο {invoice} έχει λάθος ΑΦΜ. The tax number on {invoice} is not ours. Correct is
            {vat}. Our accountant needs it by {soon}.""",
        ),
        beats=(
            agent(
                """Ευχαριστούμε! {invoice} has been corrected and reissued with {vat}; you can find it in
                **Settings > Billing > Invoices**."""
            ),
            thanks("Το έλαβα, ευχαριστώ πολύ!", "Ευχαριστώ, όλα καλά."),
        ),
    ),
    scenario(
        locale="uk",
        tags="notifications",
        priorities="normal",
        subjects=("Не надходять сповіщення", "Notifications in Ukrainian show ????"),
        openings=(
            """Сповіщення на пошту приходять без тексту, лише знаки питання: «????? ?????». Notifications come
            as question marks only when the title is in Ukrainian. Mail program: Outlook 2019.""",
        ),
        beats=(
            agent(
                """Дякую за повідомлення! The subject of these mails lacked its encoding, and newer mail
                programs guess it while Outlook 2019 doesn't. I've switched your workspace to the corrected
                mailer. Could you trigger one and tell me?""",
            ),
            thanks("Тепер усе гаразд, дякую!", "Works, дуже дякую."),
        ),
    ),
    scenario(
        locale="tr",
        tags="bug",
        priorities="normal",
        subjects=("İ / ı harfleri aramada bulunmuyor", "Search ignores Turkish İ"),
        openings=(
            """"İstanbul" diye arayınca sonuç çıkmıyor, "istanbul" yazınca çıkıyor. In short: search with the
            capital İ finds nothing. {count} of our records have it in the name.""",
        ),
        beats=(
            agent(
                """Teşekkürler! That's the famous dotted İ, which turns into *two* characters when lower-cased
                the English way. Known now as {eng}. Searching in small letters works meanwhile.""",
            ),
            thanks("Anladım, teşekkür ederim. I wait for the update."),
        ),
    ),
    scenario(
        locale="pl",
        tags="how-to",
        priorities="low",
        subjects=("Pytanie o plan {plan_b}", "Question about {plan_b}"),
        openings=(
            """Nie wiem, czy ktoś u Państwa mówi po polsku, więc po angielsku: what is the difference between
            {plan} and {plan_b} for a company with {seats} people? The price page is only in English and my
            boss would like a summary.""",
        ),
        beats=(
            agent(
                """Mówimy, przynajmniej trochę! In short: {plan_b} adds single sign-on, roles of your own and
                phone support. I've put a page in Polish into your downloads that you can pass on.""",
            ),
            thanks("Super, dziękuję bardzo!", "Szef zadowolony 🙂 Dziękuję!"),
        ),
    ),
    scenario(
        locale="vi",
        tags="mobile",
        priorities="normal",
        subjects=("Ứng dụng không hiển thị dấu tiếng Việt", "App: Vietnamese accents look wrong"),
        openings=(
            """Ứng dụng trên điện thoại hiển thị sai dấu, ví dụ "Nguyễn" thành "Nguye^~n". In the app the
            accents stand next to the letters. On the web it's right. {device}, app {version}.""",
        ),
        beats=(
            agent(
                """Cảm ơn bạn! The app's font lacks combined accents. From {version_next} on it uses the font
                of the phone, which has them all."""
            ),
            thanks("Đã cập nhật, hiển thị đúng rồi. Cảm ơn nhiều!"),
        ),
    ),
    scenario(
        locale="fr",
        tags="gdpr",
        priorities="normal",
        subjects=("Demande d'accès (RGPD, art. 15)",),
        openings=(
            """Conformément à l'article 15 du RGPD, je souhaite recevoir une copie de mes données personnelles.

            For your English-speaking colleagues: I'm asking for a copy of the data you hold about me, in a
            common format.""",
        ),
        beats=(
            agent(
                """Merci pour votre message. We've noted your request today and you'll receive everything as
                JSON and PDF within 14 days at most."""
            ),
            agent(
                "Voilà : the archive can be downloaded for 30 days through the link that we've just sent to {email}."
            ),
            thanks("Bien reçu, merci.", "Reçu, c'est parfait. Bonne journée !"),
        ),
    ),
]
