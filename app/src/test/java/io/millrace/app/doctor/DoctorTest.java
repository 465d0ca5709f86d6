package io.millrace.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.config.MillraceConfig;
import io.millrace.encoder.TorchRuntime;
import io.millrace.schemas.kafka.KafkaConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class DoctorTest {

    private static final long GIBIBYTE = 1L << 30;
    private static final Path ENCODER =
            Path.of(System.getProperty("millrace.root"), "app/src/main/resources/io/millrace/app/demo/encoder");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"Linux, amd64, OK", "Linux, aarch64, WARN", "Mac OS X, x86_64, WARN"})
    void shouldWarnOfAMachineThatPyTorchDoesNotComeFor(String system, String architecture, Finding.Level expected) {
        assertThat(MachineChecks.java("17.0.9", system, architecture).level()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 4, OK", "1, 2, OK", "3, 3, WARN"})
    void shouldWarnOfAHeapThatLeavesPyTorchNoMemory(long heapGib, long machineGib, Finding.Level expected) {
        assertThat(MachineChecks.memory(heapGib * GIBIBYTE, machineGib * GIBIBYTE)
                        .level())
                .isEqualTo(expected);
    }

    @Test
    void shouldSayThatTheLibraryDoesNotLoad() {
        // When
        List<Finding> findings = EngineChecks.run(
                () -> {
                    throw new UnsatisfiedLinkError("libc10.so: cannot open shared object file");
                },
                false);

        // Then
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Finding.Level.FAIL);
            assertThat(finding.line())
                    .startsWith("FAIL  native library: ")
                    .endsWith(": libc10.so: cannot open shared object file");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "0, false, OK, none",
        "0, true, WARN, sees none",
        "1, true, OK, one: cuda:0",
        "2, true, OK, cuda:0 to cuda:1"
    })
    void shouldTellWhichGpusThereAre(int gpus, boolean nvidia, Finding.Level expected, String text) {
        // When
        List<Finding> findings = EngineChecks.run(() -> new TorchRuntime("2.7.1", gpus), nvidia);

        // Then
        assertThat(findings).hasSize(2);
        assertThat(findings.get(0).text()).isEqualTo("PyTorch 2.7.1");
        assertThat(findings.get(1).level()).isEqualTo(expected);
        assertThat(findings.get(1).text()).contains(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tusks: {}", "tasks: [unclosed", "tasks: {}"})
    void shouldFailOnAConfigurationThatCannotBeRead(String yaml) throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("millrace.yaml"), yaml);
        List<Finding> findings = new ArrayList<>();

        // When
        MillraceConfig config = new Doctor(findings::add).read(file);

        // Then
        assertThat(config).isNull();
        assertThat(findings).singleElement().satisfies(finding -> assertThat(finding.line())
                .startsWith("FAIL  configuration: ")
                .contains(file.toString()));
    }

    @Test
    void shouldFailOnAnEncoderThatIsMissing() throws IOException {
        // When
        List<Finding> findings = EncoderChecks.run(config(folder.resolve("nowhere"), "store", 16));

        // Then
        assertThat(findings).singleElement().satisfies(finding -> assertThat(finding.line())
                .startsWith("FAIL  encoder of task mood: tasks.mood.training.encoder cannot be used: ")
                .contains("it has no config.json"));
    }

    @Test
    void shouldFailOnMoreTokensThanTheEncoderHasPositions() throws IOException {
        // When
        List<Finding> findings = EncoderChecks.run(config(ENCODER, "store", 100_000));

        // Then
        assertThat(findings).singleElement().satisfies(finding -> assertThat(finding.line())
                .startsWith("FAIL  encoder of task mood: tasks.mood.training.batching.maxTokens must be at most"));
    }

    @Test
    void shouldFailOnAStoreThatCannotBeWritten() throws IOException {
        // Given
        Files.createFile(folder.resolve("file"));

        // When
        List<Finding> findings = StoreChecks.run(config(ENCODER, "file/store", 16));

        // Then
        assertThat(findings).singleElement().satisfies(finding -> assertThat(finding.line())
                .startsWith("FAIL  store: cannot write to " + folder.resolve("file")));
    }

    @Test
    void shouldLeaveNothingInTheStore() throws IOException {
        // Given
        Path store = Files.createDirectory(folder.resolve("store"));

        // When
        List<Finding> findings = StoreChecks.run(config(ENCODER, "store", 16));

        // Then
        assertThat(findings.get(0)).isEqualTo(Finding.ok("store", store + " can be written"));
        assertThat(store).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"100, OK", "99, WARN", "10, WARN", "9, FAIL"})
    void shouldCompareTheDiskWithWhatIsKept(long free, Finding.Level expected) {
        assertThat(StoreChecks.space(free, 10, 100).level()).isEqualTo(expected);
    }

    @Test
    void shouldNotWaitLongForABrokerThatIsAway() throws Exception {
        // Given
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        KafkaConnection kafka = new KafkaConnection("127.0.0.1:" + closed, Map.of("default.api.timeout.ms", "500"));

        // When
        List<Finding> findings = new BrokerChecks(kafka).run();

        // Then
        assertThat(findings)
                .singleElement()
                .isEqualTo(Finding.fail(
                        "broker",
                        "no broker has answered at 127.0.0.1:" + closed
                                + " within 0.5 s. Check that it runs, and kafka.bootstrapServers."));
    }

    @Test
    void shouldNameTheSettingOfAClientThatCannotBeMade() throws Exception {
        // Given
        KafkaConnection kafka = new KafkaConnection("127.0.0.1:1", Map.of("security.protocol", "SECRET"));

        // When
        List<Finding> findings = new BrokerChecks(kafka).run();

        // Then
        assertThat(findings).singleElement().satisfies(finding -> assertThat(finding.line())
                .startsWith("FAIL  broker: cannot make a Kafka client from the section kafka: ")
                .contains("security.protocol"));
    }

    private MillraceConfig config(Path encoder, String store, int maxTokens) throws IOException {
        String yaml =
                """
                store: %s
                tasks:
                  mood:
                    labels: [bad, good]
                    training: {encoder: %s, compute: {device: cpu}, batching: {maxTokens: %d}}
                    evaluation: {compute: {device: cpu}}
                """
                        .formatted(store, encoder, maxTokens);
        return MillraceConfig.read(Files.writeString(folder.resolve("millrace.yaml"), yaml));
    }
}
