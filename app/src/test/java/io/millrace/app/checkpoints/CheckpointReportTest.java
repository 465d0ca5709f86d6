package io.millrace.app.checkpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.json.Json;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.CheckpointManifest.Lineage;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class CheckpointReportTest {

    @TempDir
    private Path store;

    @Test
    void shouldReportAWholeCheckpoint() throws IOException {
        // Given
        Path directory = write("intent", 47, null);

        // When
        CheckpointReport report = CheckpointReport.of(directory);

        // Then
        assertThat(report.whole()).isTrue();
        assertThat(report.lines())
                .contains(
                        "checkpoint    checkpoint-000047 of task intent",
                        "step          47",
                        "parent        none",
                        "offsets       partition 2, 0 to 40 (not included)",
                        "mini-batches  2 with 40 examples, 1 full and trained, 1 short and trained")
                .last()
                .asString()
                .endsWith(": ok");
    }

    @Test
    void shouldReportAFileThatWasChanged() throws IOException {
        // Given
        Path directory = write("intent", 47, null);
        Files.writeString(directory.resolve("model.safetensors"), "other weights");

        // When
        CheckpointReport report = CheckpointReport.of(directory);

        // Then
        assertThat(report.whole()).isFalse();
        assertThat(report.lines()).last().asString().contains("DIFFERENT (13 bytes");
    }

    @Test
    void shouldReportAFileThatIsGone() throws IOException {
        // Given
        Path directory = write("intent", 47, null);
        Files.delete(directory.resolve("model.safetensors"));

        // When
        CheckpointReport report = CheckpointReport.of(directory);

        // Then
        assertThat(report.whole()).isFalse();
        assertThat(report.lines()).last().asString().endsWith(": MISSING");
    }

    @Test
    void shouldListTheCheckpointsOfAStoreByTaskAndStep() throws IOException {
        // Given
        write("intent", 94, "checkpoint-000047");
        write("intent", 47, null);
        write("sentiment", 10, null);
        Files.createDirectories(store.resolve("intent").resolve("checkpoint-000141"));

        // When
        List<List<String>> rows =
                CheckpointListing.of(store, Optional.empty()).table(false).rows();

        // Then
        assertThat(rows)
                .extracting(row -> row.subList(0, 4))
                .containsExactly(
                        List.of("intent", "checkpoint-000047", "47", "-"),
                        List.of("intent", "checkpoint-000094", "94", "checkpoint-000047"),
                        List.of("sentiment", "checkpoint-000010", "10", "-"));
    }

    @Test
    void shouldListByStepAndNotByName() throws IOException {
        // Given
        write("intent", 1_000_000, null);
        write("intent", 999_999, null);

        // When
        List<List<String>> rows =
                CheckpointListing.of(store, Optional.empty()).table(false).rows();

        // Then
        assertThat(rows).extracting(row -> row.get(2)).containsExactly("999999", "1000000");
    }

    @Test
    void shouldListWhatCannotBeReadWithTheReason() throws IOException {
        // Given
        Path other = write("intent", 48, null);
        Files.writeString(other.resolve(CheckpointManifest.FILE_NAME), "{\"format\": 2}");
        write("intent", 94, null);

        // When
        List<List<String>> rows =
                CheckpointListing.of(store, Optional.empty()).table(false).rows();

        // Then
        assertThat(rows).extracting(row -> row.get(1)).containsExactly("checkpoint-000094", "checkpoint-000048");
        assertThat(rows.get(1).get(6)).contains("has format 2, expected 1");
    }

    @Test
    void shouldNameTheTasksIfTheOneAskedForIsNotThere() throws IOException {
        // Given
        write("intent", 47, null);

        // When
        var thrown = assertThatThrownBy(() -> CheckpointListing.of(store, Optional.of("mood")));

        // Then
        thrown.hasMessage("cannot list checkpoints: there is no task mood in " + store + ". It holds [intent].");
    }

    @Test
    void shouldListOnlyTheTaskAskedFor() throws IOException {
        // Given
        write("intent", 47, null);
        write("sentiment", 10, null);

        // When
        List<List<String>> rows = CheckpointListing.of(store, Optional.of("sentiment"))
                .table(false)
                .rows();

        // Then
        assertThat(rows).extracting(row -> row.get(0)).containsExactly("sentiment");
    }

    @Test
    void shouldSayThatThereIsNoStore() {
        // Given
        Path missing = store.resolve("nowhere");

        // When
        var thrown = assertThatThrownBy(() -> CheckpointListing.of(missing, Optional.empty()));

        // Then
        thrown.hasMessage("cannot list checkpoints: there is no store at " + missing + ".");
    }

    private Path write(String task, long step, String parent) throws IOException {
        String id = String.format("checkpoint-%06d", step);
        Path directory = Files.createDirectories(store.resolve(task).resolve(id));
        Path weights = Files.writeString(directory.resolve("model.safetensors"), "weights");
        List<MiniBatchRange> miniBatches = List.of(
                new MiniBatchRange(0, 32, 32, Outcome.TRAINED), new MiniBatchRange(32, 40, 8, Outcome.TRAINED_SHORT));
        CheckpointManifest manifest = new CheckpointManifest(
                CheckpointManifest.FORMAT,
                task,
                id,
                step,
                new Lineage(parent, "c0ffee", new OffsetRange(2, 0, 40), miniBatches),
                Map.of("model.safetensors", FileHash.of(weights)));
        Json.mapper().writeValue(directory.resolve(CheckpointManifest.FILE_NAME).toFile(), manifest);
        return directory;
    }
}
