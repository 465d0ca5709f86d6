package io.millrace.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.encoder.Compute;
import io.millrace.evaluator.config.EvaluatedTask;
import io.millrace.evaluator.config.EvaluationConfig;
import io.millrace.schemas.kafka.KafkaConnection;
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

    @Test
    void shouldRefuseADeviceThatIsNotThereBeforeItJudgesAnything() {
        // Given
        EvaluationConfig config = new EvaluationConfig(new Compute("cuda:99", null), null, null, null, null);
        EvaluatorService service = service(Map.of(), new EvaluatedTask(EvaluatorFixtures.TASK.task(), config));

        // When
        service.start();

        // Then
        assertThat(service.terminated().handle((nothing, cause) -> cause).join())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("tasks.intent.evaluation.compute.device is cuda:99, but PyTorch sees ");
        service.close();
    }

    private static EvaluatorService service(Map<String, String> properties) {
        return service(properties, EvaluatorFixtures.TASK);
    }

    private static EvaluatorService service(Map<String, String> properties, EvaluatedTask task) {
        return new EvaluatorService(
                new KafkaConnection("localhost:1", properties),
                Path.of("never-touched"),
                List.of(task),
                new SimpleMeterRegistry());
    }
}
