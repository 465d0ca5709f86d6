package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.access.AnswerLimit;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every command that talks to a broker says soon, in one line and with its address, that none answers. */
class UnreachableBrokerTest extends CommandRun {

    private static final List<String> COMMANDS = List.of(
            "ingest --metrics-port 0",
            "trainer --metrics-port 0",
            "evaluator --metrics-port 0",
            "produce FOLDER/examples.jsonl --task mood",
            "probes load FOLDER/examples.jsonl --task mood --set known --distribution in",
            "probes list",
            "probes delete --task mood --set known --yes",
            "checkpoints list --verdicts",
            "models list --task mood",
            "models current --task mood",
            "models explain champion --task mood",
            "models compare a b --task mood",
            "models history --task mood",
            "models promote checkpoint-000001 --task mood --reason why",
            "models rollback --task mood --reason why",
            "models hold --task mood --reason why",
            "models release --task mood --reason why",
            "predict --model champion --task mood text",
            "lineage check --task mood",
            "rejected list --task mood",
            "rejected replay --task mood",
            "topics create",
            "topics check",
            "tail examples");

    /** Those that need no broker; top asks a process of ours; verify asks for one after it has read a checkpoint; doctor reports it as a finding. */
    private static final Set<String> OTHERS = Set.of(
            "demo",
            "init",
            "local",
            "broker",
            "checkpoints show",
            "compare",
            "pretrain",
            "rank",
            "bench",
            "bench stream",
            "bench latency",
            "bench ingest",
            "top",
            "encoder download",
            "encoder check",
            "encoder import-onnx",
            "completion",
            "verify",
            "doctor");

    private static int closed;

    @BeforeAll
    static void findClosedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
    }

    static Stream<String> commands() {
        return COMMANDS.stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void shouldNameTheBroker(String command) throws IOException {
        // Given
        Files.createDirectories(folder.resolve("store").resolve("mood"));
        Files.writeString(
                folder.resolve("examples.jsonl"),
                """
                {"id": "1", "text": "fine day", "label": "good"}
                {"id": "2", "text": "grim day", "label": "bad"}
                """);
        Path config = Files.writeString(
                folder.resolve("millrace.yaml"),
                """
                kafka: {bootstrapServers: "127.0.0.1:%d", properties: {default.api.timeout.ms: "100"}}
                store: store
                tasks: {mood: {labels: [bad, good], training: {encoder: nowhere}}}
                """
                        .formatted(closed));
        String arguments = command.replace("FOLDER", folder.toString()) + " --config " + config;

        // When
        int exitCode = run(arguments.split(" "));

        // Then
        assertThat(err.toString().strip())
                .isEqualTo("millrace: no broker has answered at 127.0.0.1:" + closed
                        + " within 0.1 s. Check that it runs, and kafka.bootstrapServers or --bootstrap-server.");
        assertThat(out.toString()).isEmpty();
        assertThat(exitCode).isEqualTo(1);
    }

    @Test
    void shouldCoverEveryCommand() {
        // When
        Set<String> covered = Commands.all().keySet().stream()
                .filter(name -> OTHERS.contains(name)
                        || COMMANDS.stream()
                                .anyMatch(command -> command.equals(name) || command.startsWith(name + " ")))
                .collect(Collectors.toSet());

        // Then
        assertThat(covered).containsExactlyInAnyOrderElementsOf(Commands.all().keySet());
    }

    @Test
    void shouldWaitForFiveSecondsUnlessTheConfigurationSaysOtherwise() {
        // Given
        KafkaConnection plain = new KafkaConnection("broker-1:9092", Map.of());
        KafkaConnection patient = new KafkaConnection("broker-1:9092", Map.of("default.api.timeout.ms", "60000"));

        // When
        Map<String, Object> settings = AnswerLimit.of(plain).settings(plain);

        // Then
        assertThat(settings).containsEntry("default.api.timeout.ms", 5000).containsEntry("request.timeout.ms", 5000);
        assertThat(AnswerLimit.of(patient).ms()).isEqualTo(60_000);
    }
}
