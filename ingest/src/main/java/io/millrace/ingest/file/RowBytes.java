package io.millrace.ingest.file;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;

/**
 * The bytes of a table as characters, each byte as the character of its number: delimiters and quotation marks have the same number in
 * UTF-8, where they are part of no other character, and fields that are not UTF-8 keep their bytes. Rows are bounded in length, because
 * without a closing quotation mark the rest of a file would be one field, and in their number of delimiters, because an empty
 * field takes one byte in a file and far more in memory.
 */
final class RowBytes extends Reader {

    /** The parser reads ahead by one buffer of this size. */
    private static final int READ_AHEAD_BYTES = 1 << 13;

    private static final int MAX_DELIMITERS = 1 << 20;

    private final InputStream in;
    private final char delimiter;
    private final int maxRowBytes;
    private final byte[] buffer = new byte[READ_AHEAD_BYTES];
    private long rowBytes;
    private int delimiters;

    /** The row is larger than a record can be. */
    static final class TooLarge extends IOException {

        private static final long serialVersionUID = 1;

        TooLarge(String fault) {
            super(fault);
        }
    }

    RowBytes(InputStream in, char delimiter, int maxRowBytes) {
        this.in = in;
        this.delimiter = delimiter;
        this.maxRowBytes = maxRowBytes;
    }

    /** From here on another row is read. */
    void beginRow() {
        rowBytes = 0;
        delimiters = 0;
    }

    @Override
    public int read(char[] characters, int offset, int length) throws IOException {
        int read = in.read(buffer, 0, Math.min(length, buffer.length));
        for (int i = 0; i < read; i++) {
            characters[offset + i] = (char) (buffer[i] & 0xff);
            delimiters += buffer[i] == delimiter ? 1 : 0;
        }
        rowBytes += Math.max(0, read);
        if (rowBytes > (long) maxRowBytes + READ_AHEAD_BYTES) {
            throw new TooLarge("is longer than " + maxRowBytes + " bytes");
        }
        if (delimiters > MAX_DELIMITERS) {
            throw new TooLarge("has more than " + MAX_DELIMITERS + " delimiters");
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
