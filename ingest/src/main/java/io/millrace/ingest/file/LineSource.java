package io.millrace.ingest.file;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Optional;

/**
 * The examples of a file one by one, each as the bytes of a line of JSON, whatever the format of the file. Only one of them is
 * in memory, and nothing is read twice.
 */
public interface LineSource extends AutoCloseable {

    /**
     * The next line; null after the last.
     *
     * @throws IllegalArgumentException if the file cannot be read further as what it should be
     */
    byte @Nullable [] next() throws IOException;

    /** Why {@link #next} could not give the line; then its bytes are none. Empty if it could, whatever is in the line. */
    Optional<LineFault> fault();

    /** The position of the line that {@link #next} has just given, for messages. */
    String position();

    @Override
    void close() throws IOException;
}
