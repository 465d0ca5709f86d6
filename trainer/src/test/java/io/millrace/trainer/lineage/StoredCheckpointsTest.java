package io.millrace.trainer.lineage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.store.CheckpointManifest.Lineage;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.trainer.checkpoint.CheckpointStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

class StoredCheckpointsTest {

    private static final OffsetRange OFFSETS = new OffsetRange(0, 0, 10);
    private static final String FILE = "model.safetensors";

    @TempDir
    private Path store;

    @Test
    void shouldAcceptCheckpointsAsTheyWereWritten() throws IOException {
        assertThat(faults(announced(6, 4))).isEmpty();
    }

    @Test
    void shouldFindAFlippedBit() throws IOException {
        // Given
        CheckpointAnnouncement announcement = announced(6, 4);
        Path file = store.resolve(announcement.checkpoint().location()).resolve(FILE);
        byte[] content = Files.readAllBytes(file);
        content[2] ^= 1;
        Files.write(file, content);

        // When / Then
        assertThat(faults(announcement)).hasSize(1).first().asString().contains(FILE + " has SHA-256");
    }

    @Test
    void shouldFindAMissingFileAndAMissingCheckpoint() throws IOException {
        // Given
        CheckpointAnnouncement announcement = announced(6, 4);
        Path directory = store.resolve(announcement.checkpoint().location());
        Files.delete(directory.resolve(FILE));

        // When / Then
        assertThat(faults(announcement)).hasSize(1).first().asString().contains("is missing, its manifest lists it");
        Files.delete(directory.resolve("manifest.json"));
        assertThat(faults(announcement)).hasSize(1).first().asString().contains("has no manifest.json");
        Files.delete(directory);
        assertThat(faults(announcement)).hasSize(1).first().asString().contains("the newest, is missing");
    }

    @Test
    void shouldFindMiniBatchesThatDoNotTile() throws IOException {
        // Given a second mini-batch that begins one offset late
        CheckpointAnnouncement announcement = announced(
                List.of(
                        new MiniBatchRange(0, 6, 6, Outcome.TRAINED),
                        new MiniBatchRange(7, 10, 4, Outcome.TRAINED_SHORT)),
                10);

        // When / Then
        assertThat(faults(announcement))
                .containsExactly("checkpoint-000002: the mini-batch [7, 10) does not begin at 6, where the one before"
                        + " it ended");
    }

    @Test
    void shouldFindAnotherNumberOfExamplesThanAnnounced() throws IOException {
        assertThat(faults(announced(6, 3)))
                .containsExactly("checkpoint-000002: its mini-batches trained 9 examples, announced were 10");
    }

    @Test
    void shouldListAFolderOnceHoweverMuchWasAnnounced() throws IOException {
        // Given
        CheckpointAnnouncement newest = announced(6, 4);
        List<CheckpointAnnouncement> history = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            history.add(SampleAnnouncement.of("deleted-" + i, null, 0, 10));
        }
        history.add(newest);
        List<Path> listed = new ArrayList<>();

        // When
        StoredCheckpoints stored = new StoredCheckpoints(store, folder -> {
            listed.add(folder);
            return Set.of("checkpoint-000002");
        });
        stored.check(history);

        // Then
        assertThat(listed).containsExactly(store.resolve(SampleAnnouncement.TASK));
        assertThat(stored.found()).isOne();
        assertThat(stored.faults()).isEmpty();
    }

    private List<String> faults(CheckpointAnnouncement announcement) throws IOException {
        StoredCheckpoints stored = new StoredCheckpoints(store);
        stored.check(List.of(announcement));
        return stored.faults();
    }

    private CheckpointAnnouncement announced(int first, int second) {
        return announced(
                List.of(
                        new MiniBatchRange(0, 6, first, Outcome.TRAINED),
                        new MiniBatchRange(6, 10, second, Outcome.TRAINED_SHORT)),
                10);
    }

    private CheckpointAnnouncement announced(List<MiniBatchRange> miniBatches, long examples) {
        CheckpointStore checkpoints = new CheckpointStore(store, SampleAnnouncement.TASK);
        CheckpointReference reference = checkpoints.write(
                2,
                new Lineage(null, "config", OFFSETS, miniBatches),
                Set.of(),
                directory -> Files.writeString(directory.resolve(FILE), "weights"));
        return new CheckpointAnnouncement(reference, null, OFFSETS, examples, Map.of());
    }
}
