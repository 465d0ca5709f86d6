package io.millrace.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.Task;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

class IngestServiceTest {

    @Test
    void shouldTerminateNormallyOnceItIsClosed() {
        // Given
        IngestService service = service(List.of(Tasks.INTENT));
        assertThat(service.terminated()).isNotDone();

        // When
        service.close();
        service.close();

        // Then
        assertThat(service.terminated()).isCompletedWithValue(null);
    }

    @Test
    void shouldNotStartAgainAfterItWasClosed() {
        // Given
        IngestService service = service(List.of(Tasks.INTENT));
        service.close();

        // When / Then
        assertThatThrownBy(service::start)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("ingest can be started once, and this one was closed already. Make a new IngestService.");
    }

    @Test
    void shouldRefuseTwoTasksOfOneName() {
        // When / Then
        assertThatThrownBy(() -> service(List.of(Tasks.INTENT, Tasks.INTENT)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected every name once, got \"intent\" twice");
    }

    private static IngestService service(List<Task> tasks) {
        KafkaConnection kafka = new KafkaConnection("localhost:1", Map.of());
        return new IngestService(kafka, new IngestConfig(null, null, null), tasks, new SimpleMeterRegistry());
    }
}
