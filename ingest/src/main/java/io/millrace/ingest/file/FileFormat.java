package io.millrace.ingest.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The format of a file of examples; each may be gzipped, which its content tells. */
public enum FileFormat {
    /** JSON lines: one object per line. */
    JSONL {
        @Override
        public LineSource open(String name, InputStream in, TableColumns columns) throws IOException {
            return ByteLines.of(name, in);
        }

        @Override
        List<String> columns(String name, InputStream in) {
            return List.of();
        }
    },
    /** A table with a header, columns separated by commas; see {@link TableLines}. */
    CSV {
        @Override
        public LineSource open(String name, InputStream in, TableColumns columns) throws IOException {
            return TableLines.of(name, in, Delimiter.COMMA, columns);
        }

        @Override
        List<String> columns(String name, InputStream in) throws IOException {
            return TableLines.header(name, in, Delimiter.COMMA);
        }
    },
    /** The same with tabs. */
    TSV {
        @Override
        public LineSource open(String name, InputStream in, TableColumns columns) throws IOException {
            return TableLines.of(name, in, Delimiter.TAB, columns);
        }

        @Override
        List<String> columns(String name, InputStream in) throws IOException {
            return TableLines.header(name, in, Delimiter.TAB);
        }
    };

    private static final String GZIPPED = ".gz";

    /** The format that a file's name tells: {@code .csv}, {@code .tsv}, with {@code .gz} or not; any other is JSON lines. */
    public static FileFormat of(String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        String plain = lower.endsWith(GZIPPED) ? lower.substring(0, lower.length() - GZIPPED.length()) : lower;
        if (plain.endsWith(".csv")) {
            return CSV;
        }
        return plain.endsWith(".tsv") ? TSV : JSONL;
    }

    /**
     * Reads a stream and closes it in the end.
     *
     * @param name what to call it in messages
     * @param columns which columns to read, if it is a table
     * @throws IllegalArgumentException if it is a table without these columns
     */
    public abstract LineSource open(String name, InputStream in, TableColumns columns) throws IOException;

    abstract List<String> columns(String name, InputStream in) throws IOException;

    /**
     * The names of a table's columns; none if this is no table.
     *
     * @throws IllegalArgumentException if it is a table without a header
     */
    public List<String> columns(Path file) throws IOException {
        try (InputStream in = ByteLines.open(file)) {
            return columns(file.toString(), in);
        }
    }

    /** Reads a file or a pipe; see {@link #open(String, InputStream, TableColumns)}. */
    public LineSource open(Path file, TableColumns columns) throws IOException {
        return open(file.toString(), ByteLines.open(file), columns);
    }
}
