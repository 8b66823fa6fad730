"""Tables in files: CSV and XLSX read, CSV, XLSX and JSON written. Knows neither the web nor cStar.

    kinds      what was uploaded: text, a workbook, or nothing that can be read as a table
    encoding   how its bytes mean letters
    csv_file   its delimiter and quoting, its records with their line numbers
    xlsx_file  its sheets; one of them turned into a CSV file, so that all that follows reads CSV
    table      header and rows as an import wants them
    guessing   which of our fields its columns mean; `words`: which of our values its words mean
    writing    the way out

Everything is streamed. Whatever is wrong with a file is a `TableError`, a sentence for people.
"""
