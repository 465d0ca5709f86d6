package io.millrace.schemas.store;

/**
 * This encoder cannot run the files of a directory: one is missing, damaged, contradicts another, or needs unsupported
 * arithmetic. That stays so until the files change; it does not depend on settings or the machine.
 */
public class UnusableCheckpointException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    /**
     * A verdict on files.
     *
     * @param message which file, what was expected, what it holds, and what to do
     */
    public UnusableCheckpointException(String message) {
        super(message);
    }

    /** As above, for a fault that another exception found. */
    public UnusableCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
