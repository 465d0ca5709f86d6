package io.millrace.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.app.config.MillraceConfig;
import io.millrace.app.config.TaskConfig;
import io.millrace.app.doctor.Doctor;
import io.millrace.app.doctor.Finding;
import io.millrace.schemas.TaskKind;
import io.millrace.trainer.config.Method;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

class InitCommandTest extends CommandRun {

    @Test
    void shouldWriteAConfigurationThatTheDoctorAccepts() throws Exception {
        // Given
        Path data = Files.writeString(
                folder.resolve("Support tickets.csv"),
                """
                ticket_id,body,category
                1,"my card, it is lost",card
                2,what is my balance,balance
                3,,card
                4,send me a new card,card
                """);
        Path written = folder.resolve("deep").resolve("millrace.yaml");

        // When
        int exitCode = run("init", data.toString(), "--out", written.toString());

        // Then
        assertThat(err.toString()).isEmpty();
        assertThat(exitCode).isZero();
        assertThat(out.toString())
                .contains(
                        "task support-tickets, 2 labels, from 3 examples",
                        "1 of 4 lines cannot be used; the first: " + data + " row 4: it has no text",
                        "--task support-tickets --id ticket_id --text body --label category --config " + written);
        MillraceConfig config = MillraceConfig.read(written);
        TaskConfig task = Objects.requireNonNull(config.tasks().get("support-tickets"));
        assertThat(task.labels()).containsExactly("balance", "card");
        assertThat(task.kind()).isEqualTo(TaskKind.SINGLE);
        assertThat(task.training().batching().maxTokens()).isEqualTo(16);
        assertThat(task.training().objective().method()).isEqualTo(Method.SMART);
        assertThat(task.training().replay().share()).isEqualTo(0.5);
        List<Finding> findings = new ArrayList<>();
        new Doctor(findings::add).examine(Optional.of(withClosedBroker(written)));
        assertThat(findings)
                .filteredOn(finding -> finding.level() != Finding.Level.OK)
                .allMatch(finding ->
                        finding.subject().equals("broker") || finding.subject().equals("memory"));
        assertThat(findings).extracting(Finding::subject).contains("encoder of task support-tickets", "store");
    }

    @Test
    void shouldTellNumbersAndPairsFromLabels() throws IOException {
        // Given
        Path data = Files.writeString(
                folder.resolve("likeness.tsv"),
                "id\tsentence1\tsentence2\tscore\n1\ta day\tone day\t4.5\n2\ta day\ta night\t0.5\n");
        Path written = folder.resolve("millrace.yaml");

        // When
        int exitCode = run("init", data.toString(), "--task", "likeness", "--out", written.toString());

        // Then
        assertThat(exitCode).isZero();
        TaskConfig task =
                Objects.requireNonNull(MillraceConfig.read(written).tasks().get("likeness"));
        assertThat(task.kind()).isEqualTo(TaskKind.PAIR_REGRESSION);
        assertThat(task.labels()).isEmpty();
    }

    @Test
    void shouldQuoteLabelsThatYamlWouldMisread() throws IOException {
        // Given
        Path data = Files.writeString(
                folder.resolve("odd.jsonl"),
                """
                {"id": "1", "text": "a", "label": "no"}
                {"id": "2", "text": "b", "label": "*: & [\\"x\\"]"}
                {"id": "3", "text": "c", "label": "12"}
                """);
        Path written = folder.resolve("millrace.yaml");

        // When
        run("init", data.toString(), "--out", written.toString());

        // Then
        assertThat(Objects.requireNonNull(MillraceConfig.read(written).tasks().get("odd"))
                        .labels())
                .containsExactly("*: & [\"x\"]", "12", "no");
    }

    @Test
    void shouldNotOverwriteUnlessForced() throws IOException {
        // Given
        Path data = Files.writeString(
                folder.resolve("mood.jsonl"),
                "{\"id\": \"1\", \"text\": \"a\", \"label\": \"x\"}\n{\"id\": \"2\", \"text\": \"b\", \"label\": \"y\"}\n");
        Path written = Files.writeString(folder.resolve("millrace.yaml"), "mine");

        // When
        int refused = run("init", data.toString(), "--out", written.toString());
        String kept = Files.readString(written);
        int forced = run("init", data.toString(), "--out", written.toString(), "--force");

        // Then
        assertThat(refused).isEqualTo(2);
        assertThat(err.toString()).contains("exists already. Give --force to overwrite it, or another --out");
        assertThat(kept).isEqualTo("mine");
        assertThat(forced).isZero();
        assertThat(MillraceConfig.read(written).tasks()).containsOnlyKeys("mood");
    }

    @Test
    void shouldAskForAColumnThatItCannotTell() throws IOException {
        // Given
        Path data = Files.writeString(folder.resolve("data.csv"), "id,text,verdict\n1,a,x\n");

        // When
        int exitCode =
                run("init", data.toString(), "--out", folder.resolve("new.yaml").toString());

        // Then
        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString())
                .contains("cannot tell which column has the labels: " + data
                        + " has id, text, verdict. Give --label COLUMN");
        assertThat(folder.resolve("new.yaml")).doesNotExist();
    }

    @Test
    void shouldSayWhatLinesLack() throws IOException {
        // Given
        Path data =
                Files.writeString(folder.resolve("data.jsonl"), "{\"id\": \"1\", \"body\": \"a\", \"label\": \"x\"}\n");

        // When
        int exitCode =
                run("init", data.toString(), "--out", folder.resolve("new.yaml").toString());

        // Then
        assertThat(exitCode).isEqualTo(1);
        assertThat(err.toString().strip())
                .isEqualTo("millrace: " + data + ": expected examples with id, text and label, got none: " + data
                        + " line 1: it has no text");
    }

    private static Path withClosedBroker(Path config) throws IOException {
        return Files.writeString(
                config.resolveSibling("closed.yaml"),
                Files.readString(config)
                        .replace(
                                "bootstrapServers: \"localhost:9092\"",
                                "bootstrapServers: \"127.0.0.1:1\"\n  properties: {default.api.timeout.ms: \"100\"}"));
    }
}
