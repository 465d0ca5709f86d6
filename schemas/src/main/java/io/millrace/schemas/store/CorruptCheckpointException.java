package io.millrace.schemas.store;

/** A checkpoint directory is not whole. The message names the file, what was expected and what was found. */
public final class CorruptCheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public CorruptCheckpointException(String message) {
        super(message);
    }

    public CorruptCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
