package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What {@code compare} and {@code pretrain} do with their files before they train. */
class TrainingCommandsTest extends CommandRun {

    private static final String SERVICES =
            """
            tasks:
              mood:
                labels: [bad, good]
                maxTextChars: 20
                training: {encoder: e, batching: {unlabelledShare: 0.5}}
              tone: {labels: [bad, good], training: {encoder: e}}
            """;

    private Path stream;
    private Path probe;
    private Path services;

    @BeforeEach
    void writeFiles() throws IOException {
        stream = write("stream.csv", "nr;body;mood\r\n1;\"a; film\n\";good\r\n2;b;bad\r\n3;c;good\r\n");
        probe = write("known.csv", "nr;body;mood\n9;z;bad\n");
        services = write("millrace.yaml", SERVICES);
    }

    @Test
    void shouldCheckTablesForACompare() {
        // When
        int exitCode = compare("--stream", stream.toString(), "--dry-run");

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
        assertThat(out.toString().lines())
                .containsExactly(
                        "compare would refuse 0 of the 4 lines of the stream and the probe sets; nothing was trained",
                        "each of 6 runs (methods configured, plain; seeds 1, 2, 3) would train on 3 examples");
    }

    @Test
    void shouldTellWhatTheTaskOfTheServicesWouldRefuse() throws IOException {
        // Given
        Files.writeString(stream, "nr;body;mood\n1;a;fine\n2;a text of more than twenty;bad\n3;b\n4;;good\n");

        // When
        int exitCode =
                compare("--stream", stream.toString(), "--dry-run", "--config", services.toString(), "--task", "mood");

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString().lines())
                .hasSize(6)
                .anySatisfy(
                        line -> assertThat(line).startsWith("unknown-label ").contains(stream + " row 2: label: "))
                .anySatisfy(
                        line -> assertThat(line).startsWith("text-too-long ").contains(stream + " row 3: text: "))
                .anySatisfy(line -> assertThat(line).startsWith("wrong-fields ").contains(stream + " row 4: "))
                .anySatisfy(line -> assertThat(line).startsWith("empty-text ").contains(stream + " row 5: "))
                .last()
                .asString()
                .startsWith("compare would refuse 4 of the 5 lines ");
    }

    @Test
    void shouldCheckStandardInput() {
        // Given
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("nr;body;mood\n1;a;\n".getBytes(StandardCharsets.UTF_8)));

        // When
        int exitCode;
        try {
            exitCode = compare("--stream", "-", "--format", "csv", "--dry-run");
        } finally {
            System.setIn(before);
        }

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString()).contains("standard input row 2: label: expected a label, got none");
    }

    @Test
    void shouldWarnThatUnlabelledTextsOfTheTaskAreLeftOut() {
        // When
        int exitCode = compare(
                "--stream",
                stream.toString(),
                "--config",
                services.toString(),
                "--task",
                "mood",
                "--out",
                folder.resolve("out").toString());

        // Then
        assertThat(exitCode).isNotZero();
        assertThat(err.toString())
                .startsWith(
                        "warning: " + services + " tasks.mood.training.batching.unlabelledShare is left out, because a"
                                + " comparison has no unlabelled texts")
                .contains(folder.resolve("e").toString());
    }

    @Test
    void shouldAskForTheTaskOfAConfigurationOfTheServices() {
        // When
        int exitCode = compare(
                "--stream",
                stream.toString(),
                "--config",
                services.toString(),
                "--out",
                folder.resolve("out").toString());

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString().strip())
                .isEqualTo("millrace: " + services
                        + " is a configuration of the services. Name one of its tasks with --task: mood, tone.");
    }

    @Test
    void shouldNameTheTasksWhenTheOneGivenIsNone() {
        // When
        int exitCode = run(
                "pretrain",
                "--texts",
                stream.toString(),
                "--text",
                "body",
                "--delimiter",
                ";",
                "--config",
                services.toString(),
                "--task",
                "moot",
                "--out",
                folder.resolve("out").toString());

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString().strip())
                .isEqualTo("millrace: " + services + " has no task moot. Its tasks: mood, tone.");
    }

    @Test
    void shouldCheckTheTextsOfAPretraining() throws IOException {
        // Given
        Path more = write("more.jsonl", "{\"text\": \"a\"}\r\n{\"text\": \" \"}\r\n[1]\r\n");

        // When
        int exitCode = run(
                "pretrain",
                "--texts",
                stream.toString(),
                more.toString(),
                "--text",
                "body",
                "--delimiter",
                ";",
                "--dry-run");

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString().lines())
                .hasSize(4)
                .anySatisfy(line -> assertThat(line).startsWith("empty-text ").contains(more + " line 2: text: "))
                .last()
                .isEqualTo("pretrain would refuse 2 of 6 texts; nothing was trained");
    }

    private int compare(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "compare",
                "--probe",
                "known=" + probe,
                "--methods",
                "configured,plain",
                "--delimiter=;",
                "--id=nr",
                "--text=body",
                "--label=mood"));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }
}
