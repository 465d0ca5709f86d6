package io.millrace.evaluator;

import org.apache.kafka.common.KafkaException;

/**
 * A transaction could be neither committed nor aborted: its producer is of no more use, and only the broker knows what
 * came of the results.
 */
final class UnsettledTransactionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnsettledTransactionException(KafkaException cause) {
        super("a transaction could be neither committed nor aborted: " + cause.getMessage(), cause);
    }
}
