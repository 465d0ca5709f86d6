package io.millrace.evaluator;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.junit.jupiter.api.Test;

import java.time.Duration;

class CancellationTest {

    private final Cancellation stop = new Cancellation();
    private final MockConsumer<String, byte[]> consumer = new MockConsumer<>("earliest");

    @Test
    void shouldWakeAConsumerOnceTheEndIsRequested() {
        // Given
        stop.wakes(consumer);

        // When
        stop.request();

        // Then
        assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(WakeupException.class);
        assertThatThrownBy(stop::throwIfRequested).isInstanceOf(WakeupException.class);
    }

    @Test
    void shouldWakeAConsumerThatComesAfterTheRequest() {
        // Given
        stop.request();

        // When
        stop.wakes(consumer);

        // Then
        assertThatThrownBy(() -> consumer.poll(Duration.ZERO)).isInstanceOf(WakeupException.class);
    }

    @Test
    void shouldLetTheThreadGoOnUntilThen() {
        // When / Then
        assertThatCode(stop::throwIfRequested).doesNotThrowAnyException();
    }
}
