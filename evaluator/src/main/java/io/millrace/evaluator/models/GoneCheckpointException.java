package io.millrace.evaluator.models;

/** An announced checkpoint is no longer in the store: the trainer keeps only the newest ones. */
public final class GoneCheckpointException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GoneCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
