package io.millrace.evaluator;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;

import java.util.List;

/**
 * Asks the evaluation thread to end: everything that waits or computes there throws a {@link WakeupException}, as Kafka's
 * consumers do.
 */
final class Cancellation {

    private List<Consumer<?, ?>> consumers = List.of();
    private boolean requested;

    /** Asks the thread to end; further calls do nothing. */
    synchronized void request() {
        if (!requested) {
            requested = true;
            consumers.forEach(Consumer::wakeup);
        }
    }

    /** Sets the consumers to wake up once the end is requested; they replace the previous ones. */
    synchronized void wakes(Consumer<?, ?>... waiting) {
        consumers = List.of(waiting);
        if (requested) {
            consumers.forEach(Consumer::wakeup);
        }
    }

    synchronized void throwIfRequested() {
        if (requested) {
            throw new WakeupException();
        }
    }
}
