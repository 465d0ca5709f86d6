package io.millrace.ingest.file;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/** The format of a file of examples; each may be gzipped, which its content tells. */
public enum FileFormat {
    /** JSON lines: one object per line. */
    JSONL {
        @Override
        public LineSource open(String name, InputStream in, TableColumns columns) throws IOException {
            return ByteLines.of(name, in);
        }
    },
    /** A table with a header, columns separated by commas; see {@link TableLines}. */
    CSV {
        @Override
        public LineSource open(String name, InputStream in, TableColumns columns) throws IOException {
            return TableLines.of(name, in, Delimiter.COMMA, columns);
        }
    },
    /** The same with tabs. */
    TSV {
        @Override
        public LineSource open(String name, InputStream in, TableColumns columns) throws IOException {
            return TableLines.of(name, in, Delimiter.TAB, columns);
        }
    },
    /** One text per line, without an id: for training on texts alone. */
    TEXT {
        @Override
        public LineSource open(String name, InputStream in, TableColumns columns) throws IOException {
            return PlainLines.of(name, in);
        }
    };

    private static final String GZIPPED = ".gz";

    /** The format that a file's name tells: {@code .csv}, {@code .tsv}, with {@code .gz} or not; any other is JSON lines. */
    public static FileFormat of(String fileName) {
        String plain = withoutGzip(fileName);
        if (plain.endsWith(".csv")) {
            return CSV;
        }
        return plain.endsWith(".tsv") ? TSV : JSONL;
    }

    /** Like {@link #of}, for texts that need no id: {@code .jsonl} is JSON lines, and what is neither that nor a table is {@link #TEXT}. */
    public static FileFormat ofTexts(String fileName) {
        FileFormat format = of(fileName);
        return format == JSONL && !withoutGzip(fileName).endsWith(".jsonl") ? TEXT : format;
    }

    private static String withoutGzip(String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        return lower.endsWith(GZIPPED) ? lower.substring(0, lower.length() - GZIPPED.length()) : lower;
    }

    /** Whether it has columns. */
    public boolean isTable() {
        return this == CSV || this == TSV;
    }

    /**
     * Reads a stream and closes it in the end.
     *
     * @param name what to call it in messages
     * @param columns which columns to read, if it is a table
     * @throws IllegalArgumentException if it is a table without these columns
     */
    public abstract LineSource open(String name, InputStream in, TableColumns columns) throws IOException;
}
