package io.millrace.evaluator;

/** A request by hand cannot be executed; the message is the reason that its writer reads. */
final class RefusedRequestException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedRequestException(String reason) {
        super(reason);
    }

    RefusedRequestException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
