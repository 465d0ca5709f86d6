package io.millrace.ingest.file;

import io.millrace.schemas.RejectionReason;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The rows of a table as lines of JSON. Its first row is a header. Fields may be quoted as in RFC 4180, and then hold
 * delimiters, line ends, and quotation marks written twice. A row ends with LF, CR LF or CR. Rows without any content are passed over, but
 * counted; the header is row 1, as in a spreadsheet.
 */
final class TableLines implements LineSource {

    /** As much as a record of {@code examples} can be. */
    private static final int MAX_ROW_BYTES = 16 << 20;

    private static final byte[] NOTHING = {};

    private final String name;
    private final RowBytes bytes;
    private final CSVParser parser;
    private final Iterator<CSVRecord> rows;
    private final TableHeader header;
    private Optional<LineFault> fault = Optional.empty();
    private boolean hasRows;

    private TableLines(String name, RowBytes bytes, Delimiter delimiter, TableColumns columns) throws IOException {
        this.name = name;
        this.bytes = bytes;
        this.parser = parser(bytes, delimiter);
        this.rows = parser.iterator();
        CSVRecord first = nextRow();
        if (first == null) {
            throw new IllegalArgumentException(
                    name + ": expected a header with the names of the columns, got an empty file.");
        }
        this.header = TableHeader.of(name, first, delimiter, columns);
    }

    /**
     * Reads the header; see {@link FileFormat#open(String, InputStream, TableColumns)}.
     *
     * @throws IllegalArgumentException if there is none, or columns are missing in it
     */
    static TableLines of(String name, InputStream in, Delimiter delimiter, TableColumns columns) throws IOException {
        return of(name, in, delimiter, columns, MAX_ROW_BYTES);
    }

    static TableLines of(String name, InputStream in, Delimiter delimiter, TableColumns columns, int maxRowBytes)
            throws IOException {
        InputStream text = ByteLines.unpacked(name, in);
        try {
            return new TableLines(name, new RowBytes(text, delimiter.character(), maxRowBytes), delimiter, columns);
        } catch (IOException | RuntimeException e) {
            text.close();
            throw e;
        }
    }

    /**
     * The names of the columns.
     *
     * @throws IllegalArgumentException if there is no header
     */
    static List<String> header(String name, InputStream in, Delimiter delimiter) throws IOException {
        RowBytes bytes = new RowBytes(ByteLines.unpacked(name, in), delimiter.character(), MAX_ROW_BYTES);
        try (CSVParser parser = parser(bytes, delimiter)) {
            bytes.beginRow();
            Iterator<CSVRecord> rows = parser.iterator();
            if (!rows.hasNext()) {
                throw new IllegalArgumentException(
                        name + ": expected a header with the names of the columns, got an empty file.");
            }
            return TableHeader.names(name, rows.next());
        } catch (UncheckedIOException e) {
            throw unreadable(Objects.requireNonNull(e.getCause()), name + " row 1");
        }
    }

    private static CSVParser parser(RowBytes bytes, Delimiter delimiter) throws IOException {
        return CSVParser.builder()
                .setReader(bytes)
                .setFormat(CSVFormat.RFC4180
                        .builder()
                        .setDelimiter(delimiter.character())
                        .setIgnoreEmptyLines(false)
                        .get())
                .get();
    }

    @Override
    public byte @Nullable [] next() throws IOException {
        fault = Optional.empty();
        CSVRecord row = nextRow();
        if (row == null) {
            if (!hasRows) {
                throw new IllegalArgumentException(name + ": expected rows after the header, got none.");
            }
            return null;
        }
        hasRows = true;
        if (row.size() != header.size()) {
            fault = Optional.of(new LineFault(
                    LineFault.WRONG_FIELDS,
                    "expected " + header.size() + " fields as in the header, got " + row.size()
                            + ". Quote fields that hold a delimiter or a line end"));
            return NOTHING;
        }
        try {
            return header.json(row);
        } catch (CharacterCodingException e) {
            fault = Optional.of(LineFault.of(
                    RejectionReason.INVALID_UTF8,
                    "expected UTF-8, got a malformed byte sequence. Save the file as UTF-8"));
            return NOTHING;
        }
    }

    @Override
    public Optional<LineFault> fault() {
        return fault;
    }

    @Override
    public String position() {
        return position(parser.getRecordNumber());
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }

    /** The next row with any content; null after the last. */
    private @Nullable CSVRecord nextRow() throws IOException {
        try {
            while (true) {
                bytes.beginRow();
                if (!rows.hasNext()) {
                    return null;
                }
                CSVRecord row = rows.next();
                if (row.stream().anyMatch(field -> !field.isEmpty())) {
                    return row;
                }
            }
        } catch (UncheckedIOException e) {
            throw unreadable(Objects.requireNonNull(e.getCause()), position(parser.getRecordNumber() + 1));
        }
    }

    private static IOException unreadable(IOException cause, String position) {
        if (cause instanceof RowBytes.TooLarge) {
            throw new IllegalArgumentException(
                    position + " " + cause.getMessage() + ". Is a quotation mark missing at the end of a field?",
                    cause);
        }
        if (cause instanceof CSVException) {
            throw new IllegalArgumentException(
                    position + ": expected a quoted field to end with a quotation mark before the next delimiter, got"
                            + " none or more text after it. Write a quotation mark inside a quoted field twice.",
                    cause);
        }
        return new IOException("cannot read " + position + ": " + cause.getMessage(), cause);
    }

    private String position(long row) {
        return name + " row " + row;
    }
}
