package io.millrace.ingest.file;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file of examples or texts and how to read it. Its name in messages is {@link #toString}.
 *
 * @param path its path, or {@value #STANDARD_INPUT} for standard input
 * @param format its format
 * @param delimiter what separates the columns of {@link FileFormat#CSV}; null for commas
 * @param columns which columns to read, if it is a table
 */
public record DataFile(String path, FileFormat format, @Nullable Delimiter delimiter, TableColumns columns) {

    /** Stands for standard input. */
    public static final String STANDARD_INPUT = "-";

    /** Examples in the format that the name tells, in columns called as their fields. */
    public static DataFile examples(Path file) {
        return new DataFile(
                file.toString(), FileFormat.of(file.toString()), null, TableColumns.ofExamples(Map.of(), List.of()));
    }

    /** Texts to train on without labels, in the format that the name tells, in a column {@code text}. */
    public static DataFile texts(Path file) {
        return new DataFile(
                file.toString(), FileFormat.ofTexts(file.toString()), null, TableColumns.ofTextsAlone(Map.of()));
    }

    /** Whether it is standard input. */
    public boolean isStandardInput() {
        return path.equals(STANDARD_INPUT);
    }

    /** Whether it can be read more than once. A file that is missing counts: opening it reports that. */
    public boolean canBeReadTwice() {
        return !isStandardInput()
                && (Files.isRegularFile(Path.of(path))
                        || Files.isDirectory(Path.of(path))
                        || !Files.exists(Path.of(path)));
    }

    /**
     * Its bytes as they are.
     *
     * @throws IllegalArgumentException if there is no such file
     */
    public InputStream bytes() throws IOException {
        return isStandardInput() ? System.in : ByteLines.open(Path.of(path));
    }

    /**
     * Its lines.
     *
     * @throws IllegalArgumentException if there is no such file, or it is a table without the columns
     */
    public LineSource lines() throws IOException {
        return lines(bytes());
    }

    /** The lines of {@code bytes}, which this file holds; closes them in the end. */
    public LineSource lines(InputStream bytes) throws IOException {
        return format == FileFormat.CSV && delimiter != null
                ? TableLines.of(toString(), bytes, delimiter, columns)
                : format.open(toString(), bytes, columns);
    }

    /**
     * The names of a table's columns; none if this is no table.
     *
     * @throws IllegalArgumentException if it is a table without a header, or there is no such file
     */
    public List<String> header() throws IOException {
        if (!format.isTable()) {
            return List.of();
        }
        Delimiter byFormat = format == FileFormat.TSV ? Delimiter.TAB : Delimiter.COMMA;
        try (InputStream in = bytes()) {
            return TableLines.header(toString(), in, delimiter == null ? byFormat : delimiter);
        }
    }

    /** The same file, read by other columns. */
    public DataFile withColumns(TableColumns other) {
        return new DataFile(path, format, delimiter, other);
    }

    /** How it is read, for a fingerprint of what was read: two readings of the same bytes that differ have different ones. */
    public String reading() {
        return format.isTable()
                ? format + " " + (delimiter == null ? "" : delimiter) + " " + new TreeMap<>(columns.columns()) + " "
                        + columns.attributes()
                : format.toString();
    }

    @Override
    public String toString() {
        return isStandardInput() ? "standard input" : path;
    }
}
