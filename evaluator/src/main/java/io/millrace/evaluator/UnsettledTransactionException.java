package io.millrace.evaluator;

import org.apache.kafka.common.KafkaException;

/**
 * A transaction could be neither committed nor aborted. Its producer can no longer be used, and only the broker knows
 * whether the results were written.
 */
final class UnsettledTransactionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnsettledTransactionException(KafkaException cause) {
        super("a transaction could be neither committed nor aborted: " + cause.getMessage(), cause);
    }
}
