package io.millrace.evaluator;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;

import java.util.List;

/**
 * How the evaluation thread is asked to end: whatever of it waits or computes then ends with a {@link WakeupException},
 * as Kafka's consumers do.
 */
final class Cancellation {

    private List<Consumer<?, ?>> consumers = List.of();
    private boolean requested;

    /** Asks the thread to end; once is enough, more does no harm. */
    synchronized void request() {
        if (!requested) {
            requested = true;
            consumers.forEach(Consumer::wakeup);
        }
    }

    /** The consumers that must not go on waiting once the end is requested, in place of those named before. */
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
