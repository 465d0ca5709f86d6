package io.millrace.evaluator;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.WakeupException;

import java.util.ArrayList;
import java.util.List;

/**
 * How the evaluation thread is asked to end: whatever of it waits or computes then ends with a {@link WakeupException},
 * as Kafka's consumers do.
 */
final class StopSignal {

    private final List<Consumer<?, ?>> consumers = new ArrayList<>();
    private boolean requested;

    /** Asks the thread to end; once is enough, more does no harm. */
    synchronized void request() {
        if (!requested) {
            requested = true;
            consumers.forEach(Consumer::wakeup);
        }
    }

    /** A consumer that must not go on waiting once the end is requested. */
    synchronized void wakes(Consumer<?, ?> consumer) {
        consumers.add(consumer);
        if (requested) {
            consumer.wakeup();
        }
    }

    synchronized void throwIfRequested() {
        if (requested) {
            throw new WakeupException();
        }
    }
}
