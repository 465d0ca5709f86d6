package io.millrace.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.schemas.KafkaConnection;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class EvaluatorServiceTest {

    @Test
    void shouldTerminateWhenItIsClosedBeforeItStarts() {
        // Given
        EvaluatorService service = service(Map.of());

        // When
        service.close();

        // Then
        assertThat(service.terminated()).isCompleted();
    }

    @Test
    void shouldTerminateWithTheCauseWhenItFails() {
        // Given
        EvaluatorService service = service(Map.of("security.protocol", "nonsense"));

        // When
        service.start();

        // Then
        assertThat(service.terminated().handle((nothing, cause) -> cause).join())
                .isInstanceOf(ConfigException.class);
        service.close();
    }

    private static EvaluatorService service(Map<String, String> properties) {
        return new EvaluatorService(
                new KafkaConnection("localhost:1", properties),
                Path.of("never-touched"),
                List.of(Examples.TASK),
                new SimpleMeterRegistry());
    }
}
