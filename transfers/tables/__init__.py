"""Tables in files: CSV, XLSX, JSON and vCards read, CSV, XLSX and JSON written. Knows neither the web nor cStar.

    kinds          what was uploaded: text, a workbook, JSON, contacts, or nothing that can be read as a table
    encoding       how its bytes mean letters; `encoding_guess` suggests it where that is not certain
    csv_file       its delimiter and quoting, its records with their line numbers
    xlsx_file, json_file, vcard_file    turned into CSV, so that all that follows reads CSV
    header, table  where the table begins; its header and rows as an import wants them
    vocabulary     what other tools call things, as data
    tools          the tool that a file comes from
    guessing       which of our fields its columns mean; `words`: which of our values its words mean
    dates, date_columns, zones    how a column writes its dates
    tags, addresses, html_text, journal    what else is in a cell
    writing        the way out

Everything is streamed. Whatever is wrong with a file is a `TableError`, a sentence for people.
"""
