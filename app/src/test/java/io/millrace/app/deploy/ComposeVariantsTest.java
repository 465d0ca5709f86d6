package io.millrace.app.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.app.config.MillraceConfig;
import io.millrace.schemas.kafka.KeyPartition;
import io.millrace.schemas.kafka.Topic;
import io.millrace.schemas.kafka.Topics;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Holds the files that are laid over docker-compose.yml, and what they mount, to the code. */
class ComposeVariantsTest {

    private static final DeployedFile SCALE = new DeployedFile("docker-compose.scale.yml");
    private static final DeployedFile SCALE_CONFIGURATION = new DeployedFile("deploy/millrace-scale.yaml");
    private static final DeployedFile CUDA = new DeployedFile("docker-compose.cuda.yml");
    private static final DeployedFile TOPICS_SCRIPT = new DeployedFile("deploy/topics.sh");
    private static final DeployedFile DEMO_SCRIPT = new DeployedFile("deploy/demo.sh");
    private static final Pattern CREATE = Pattern.compile("^create (\\S+) (.*)$", Pattern.MULTILINE);

    @Test
    void shouldCreateTopicsAsMillraceWould() throws IOException {
        // Given
        Map<String, Topic<?>> topics = Topics.ALL.stream().collect(Collectors.toMap(Topic::name, Function.identity()));

        // When
        Map<String, Map<String, String>> created = new TreeMap<>();
        Matcher create = CREATE.matcher(TOPICS_SCRIPT.text());
        while (create.find()) {
            created.put(
                    create.group(1),
                    Arrays.stream(create.group(2).split(" "))
                            .map(setting -> setting.split("=", 2))
                            .collect(Collectors.toMap(setting -> setting[0], setting -> setting[1])));
        }

        // Then
        assertThat(created).containsOnlyKeys("accepted-examples", "checkpoints", "examples", "texts");
        created.forEach((topic, configuration) -> assertThat(configuration)
                .as(topic)
                .isEqualTo(topics.get(topic).definition().configs()));
    }

    @Test
    void shouldGiveEachOfTwoTrainersATask() throws IOException {
        // Given
        JsonNode services = SCALE.tree().get("services");
        int partitions = Integer.parseInt(
                services.at("/topics/environment/MILLRACE_PARTITIONS").asText().replaceAll("\\D", ""));
        List<String> tasks = List.of(
                services.at("/demo/environment/MILLRACE_DEMO_TASKS").asText().split(" "));

        // When
        MillraceConfig config = MillraceConfig.read(SCALE_CONFIGURATION.path());
        List<Integer> numbers =
                tasks.stream().map(task -> KeyPartition.of(task, partitions)).toList();

        // Then
        assertThat(config.tasks().keySet()).containsExactlyInAnyOrderElementsOf(tasks);
        // However an assignor divides them, by halves or in turn.
        assertThat(numbers.get(0) * 2 / partitions).isNotEqualTo(numbers.get(1) * 2 / partitions);
        assertThat(numbers.get(0) % 2).isNotEqualTo(numbers.get(1) % 2);
        for (String service : List.of("ingest", "trainer", "evaluator")) {
            assertThat(services.at("/" + service + "/deploy/replicas").asInt()).isEqualTo(2);
            assertThat(services.at("/" + service + "/volumes/0").asText())
                    .isEqualTo("./" + SCALE_CONFIGURATION.name() + ":/etc/millrace/millrace.yaml:ro");
        }
    }

    @Test
    void shouldKeepEverythingButTheTasksWhenScaledOut() throws IOException {
        // When
        MillraceConfig one = MillraceConfig.read(DeployedFile.CONFIGURATION.path());
        MillraceConfig scaled = MillraceConfig.read(SCALE_CONFIGURATION.path());

        // Then
        assertThat(scaled).usingRecursiveComparison().ignoringFields("tasks").isEqualTo(one);
        assertThat(scaled.tasks().get("intent").training())
                .isEqualTo(one.tasks().get("intent").training());
    }

    @Test
    void shouldReserveAGpuAndBuildItsImageOnTheCommonOne() throws IOException {
        // Given
        JsonNode services = CUDA.tree().get("services");

        // Then
        assertThat(services.fieldNames()).toIterable().containsExactly("trainer", "evaluator");
        assertThat(services).allSatisfy(service -> {
            JsonNode device = service.at("/deploy/resources/reservations/devices/0");
            assertThat(device.get("driver").asText()).isEqualTo("nvidia");
            assertThat(device.get("capabilities").toString()).isEqualTo("[\"gpu\"]");
            String dockerfile = new DeployedFile(service.at("/build/dockerfile").asText()).text();
            assertThat(dockerfile).contains("\nFROM millrace\n");
            assertThat(service.at("/build/args/TORCH").asText())
                    .contains(dockerfile.replaceAll("(?s).*ARG TORCH=(\\S+).*", "$1"));
        });
    }

    @Test
    void shouldSendFilesThatShip() throws IOException {
        // When
        List<String> files = Pattern.compile("/opt/millrace/demo/(\\S+)")
                .matcher(DEMO_SCRIPT.text())
                .results()
                .map(file -> file.group(1))
                .toList();

        // Then
        assertThat(files).hasSize(4).allSatisfy(file -> assertThat(
                        new DeployedFile("app/src/main/resources/io/millrace/app/demo/" + file).path())
                .exists());
    }
}
