package io.millrace.ingest.file;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The lines of a text, gzipped or not, as bytes: invalid UTF-8 must stay unchanged. A line ends with
 * LF or CR LF; empty lines are skipped, but counted in {@link #lineNumber}. A leading byte order mark,
 * which editors and spreadsheets write, is not part of the first line. Only one line is in memory, however large a gzipped
 * file is, and nothing is read twice: a pipe works as well as a file.
 */
public final class ByteLines implements LineSource {

    /** As much as a record of {@code examples} can be. */
    private static final int MAX_LINE_BYTES = 16 << 20;

    private static final int GZIP_MAGIC = 0x1f8b;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int[] BYTE_ORDER_MARK = {0xef, 0xbb, 0xbf};

    private final String name;
    private final InputStream in;
    private long lineNumber;

    private ByteLines(String name, InputStream in) {
        this.name = name;
        this.in = in;
    }

    /**
     * Opens a file or a pipe.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static ByteLines of(Path file) throws IOException {
        return of(file.toString(), open(file));
    }

    /**
     * The bytes of a file or a pipe as they are.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static InputStream open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IllegalArgumentException("cannot read " + file + ": it is a directory. Give a file.");
        }
        try {
            return Files.newInputStream(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("cannot read " + file + ": there is no such file.", e);
        } catch (AccessDeniedException e) {
            throw new IllegalArgumentException("cannot read " + file + ": access denied.", e);
        }
    }

    /**
     * Reads a stream and closes it in the end.
     *
     * @param name what to call it in messages
     */
    public static ByteLines of(String name, InputStream in) throws IOException {
        return new ByteLines(name, unpacked(name, in));
    }

    /** The text in a stream: without gzip and without a byte order mark. */
    static InputStream unpacked(String name, InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER_BYTES);
        try {
            buffered.mark(2);
            int magic = buffered.read() << 8 | buffered.read();
            buffered.reset();
            BufferedInputStream text = magic == GZIP_MAGIC
                    ? new BufferedInputStream(new GZIPInputStream(buffered, BUFFER_BYTES), BUFFER_BYTES)
                    : buffered;
            skipByteOrderMark(text);
            return text;
        } catch (IOException e) {
            buffered.close();
            throw new IOException("cannot read " + name + ": " + e.getMessage(), e);
        }
    }

    private static void skipByteOrderMark(BufferedInputStream text) throws IOException {
        text.mark(BYTE_ORDER_MARK.length);
        for (int expected : BYTE_ORDER_MARK) {
            if (text.read() != expected) {
                text.reset();
                return;
            }
        }
    }

    /** The next line that is not empty, without its end; null after the last. */
    @Override
    public byte @Nullable [] next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean atEnd = false;
        while (!atEnd) {
            atEnd = readLine(line);
            if (line.size() > 0) {
                return line.toByteArray();
            }
        }
        return null;
    }

    /** The number of the line that {@link #next} has just given; the first is 1. */
    public long lineNumber() {
        return lineNumber;
    }

    /** None: every line is given as it is. */
    @Override
    public Optional<LineFault> fault() {
        return Optional.empty();
    }

    @Override
    public String position() {
        return name + " line " + lineNumber;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Reads one line; true if it is the last. */
    private boolean readLine(ByteArrayOutputStream line) throws IOException {
        line.reset();
        lineNumber++;
        boolean carriageReturn = false;
        for (int next = read(); next != '\n'; next = read()) {
            if (carriageReturn) {
                line.write('\r');
            }
            if (next < 0) {
                return true;
            }
            carriageReturn = next == '\r';
            if (!carriageReturn) {
                line.write(next);
            }
            if (line.size() > MAX_LINE_BYTES) {
                throw new IllegalArgumentException(
                        position() + " is longer than " + MAX_LINE_BYTES + " bytes. Is this a file of JSON lines?");
            }
        }
        return false;
    }

    private int read() throws IOException {
        try {
            return in.read();
        } catch (IOException e) {
            throw new IOException("cannot read " + position() + ": " + e.getMessage(), e);
        }
    }
}
