package io.millrace.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.store.CheckpointManifest;
import io.millrace.schemas.store.CheckpointManifest.FileHash;
import io.millrace.schemas.store.CheckpointManifest.Lineage;
import io.millrace.schemas.store.CheckpointManifest.MiniBatchRange;
import io.millrace.schemas.store.CheckpointManifest.Outcome;
import io.millrace.schemas.store.Sha256;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

class CheckpointStoreTest {

    private static final Lineage LINEAGE = new Lineage(
            "checkpoint-000007",
            "0".repeat(64),
            new OffsetRange(1, 10, 14),
            List.of(new MiniBatchRange(10, 14, 4, Outcome.TRAINED)));

    @TempDir
    private Path root;

    private CheckpointStore store;

    @BeforeEach
    void open() {
        store = new CheckpointStore(root, "intent");
        store.removeStale();
    }

    @Test
    void shouldWriteAManifestThatPinsEveryFile() throws IOException {
        // When
        CheckpointReference reference = store.write(8, LINEAGE, Set.of(), directory -> {
            Files.writeString(directory.resolve("model"), "weights");
            Files.writeString(directory.resolve("optimizer"), "");
        });

        // Then
        Path directory = root.resolve("intent/checkpoint-000008");
        assertThat(reference)
                .isEqualTo(new CheckpointReference(
                        "intent",
                        "checkpoint-000008",
                        8,
                        "intent/checkpoint-000008",
                        Sha256.of(directory.resolve("manifest.json"))));
        assertThat(store.resolve(reference).toRealPath()).isEqualTo(directory.toRealPath());
        CheckpointManifest manifest = CheckpointManifest.readVerified(directory);
        assertThat(manifest.lineage()).isEqualTo(LINEAGE);
        assertThat(manifest.files()).containsOnlyKeys("model", "optimizer");
        assertThat(manifest.files().get("model")).isEqualTo(new FileHash(Sha256.of("weights"), 7));
    }

    @Test
    void shouldShowNothingUntilTheCheckpointIsWhole() {
        // Given
        List<String> seen = new ArrayList<>();

        // When
        store.write(8, LINEAGE, Set.of(), directory -> {
            Files.writeString(directory.resolve("model"), "weights");
            seen.addAll(checkpoints());
        });

        // Then
        assertThat(seen).isEmpty();
        assertThat(checkpoints()).containsExactly("checkpoint-000008");
    }

    @Test
    void shouldLeaveNoCheckpointWhenItsContentFails() {
        // When
        assertThatThrownBy(() -> store.write(8, LINEAGE, Set.of(), directory -> {
                    Files.writeString(directory.resolve("model"), "half of the wei");
                    throw new IOException("No space left on device");
                }))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("cannot write " + root.resolve("intent/checkpoint-000008"))
                .hasMessageContaining("No space left on device")
                .hasMessageEndingWith("Is the disk full, or not writable?");

        // Then
        assertThat(checkpoints()).isEmpty();
        write(8);
        assertThat(CheckpointManifest.readVerified(root.resolve("intent/checkpoint-000008"))
                        .files())
                .containsOnlyKeys("model");
    }

    @Test
    void shouldRemoveTheDirectoryOfAnInterruptedWrite() throws IOException {
        // Given
        Path stale = Files.createDirectories(root.resolve("intent/.tmp-checkpoint-000003/inner"));
        setBack(Files.writeString(stale.resolve("model"), "half"));
        setBack(stale);
        setBack(stale.getParent());
        Path killed = Files.createDirectories(root.resolve("intent/.tmp-checkpoint-000004-x"));
        Files.writeString(killed.resolve(".owner"), "");
        write(2);

        // When
        store.removeStale();

        // Then
        assertThat(children()).containsExactly("checkpoint-000002");
    }

    @Test
    void shouldLeaveADirectoryThatAnotherStoreIsWriting() {
        // Given
        CheckpointStore other = new CheckpointStore(root, "intent");

        // When
        CheckpointReference reference = store.write(8, LINEAGE, Set.of(), directory -> {
            Files.writeString(directory.resolve("model"), "weights");
            other.removeStale();
            other.write(8, LINEAGE, Set.of(), inner -> Files.writeString(inner.resolve("model"), "other"));
            other.removeStale();
        });

        // Then
        assertThat(reference.id()).isEqualTo("checkpoint-000008-2");
        assertThat(CheckpointManifest.readVerified(store.resolve(reference)).files())
                .containsOnlyKeys("model");
    }

    @Test
    void shouldNotReplaceTheOneThatAnotherHasAnnouncedMeanwhile() throws IOException {
        // Given a trainer that was frozen, and knows of nothing that its successor has announced
        Lineage successors = new Lineage(
                null,
                "0".repeat(64),
                new OffsetRange(1, 10, 12),
                List.of(new MiniBatchRange(10, 12, 2, Outcome.TRAINED)));
        CheckpointReference announced = new CheckpointStore(root, "intent")
                .write(8, successors, Set.of(), directory -> Files.writeString(directory.resolve("model"), "other"));

        // When
        CheckpointReference late = write(8);

        // Then
        assertThat(late.id()).isEqualTo("checkpoint-000008-2");
        assertThat(CheckpointManifest.readVerified(store.resolve(late)).id()).isEqualTo(late.id());
        assertThat(Sha256.of(store.resolve(announced).resolve("manifest.json"))).isEqualTo(announced.sha256());
        assertThat(CheckpointManifest.readVerified(store.resolve(announced)).lineage())
                .isEqualTo(successors);
    }

    @Test
    void shouldRemoveACheckpointThatWillNeverBeAnnounced() throws IOException {
        // Given
        write(7);
        setBack(root.resolve("intent/checkpoint-000007/manifest.json"));
        write(8);
        setBack(root.resolve("intent/checkpoint-000008/manifest.json"));
        write(9);

        // When
        store.removeUnannounced(Set.of("checkpoint-000007"), store.time());

        // Then the last was written while its trainer may not have been fenced yet
        assertThat(children()).containsExactly("checkpoint-000007", "checkpoint-000009");
    }

    @Test
    void shouldLeaveACheckpointWhoseParentIsNotAnnounced() throws IOException {
        // Given a topic that has lost its first records
        write(8);
        setBack(root.resolve("intent/checkpoint-000008/manifest.json"));

        // When
        store.removeUnannounced(Set.of(), store.time());
        store.removeUnannounced(Set.of("checkpoint-000900"), store.time());

        // Then
        assertThat(children()).containsExactly("checkpoint-000008");
    }

    @Test
    void shouldDeleteByIdAndMissNothingThatIsGone() {
        // Given
        write(1);
        write(2);

        // When
        store.delete(List.of("checkpoint-000001", "checkpoint-000099"));

        // Then
        assertThat(children()).containsExactly("checkpoint-000002");
        assertThat(store.holds("checkpoint-000002")).isTrue();
        assertThat(store.holds("checkpoint-000001")).isFalse();
    }

    @Test
    void shouldNeverGiveTheIdOfADeletedAncestorAgain() {
        // When
        CheckpointReference next = write(8, "checkpoint-000008-3", "checkpoint-0000080");

        // Then
        assertThat(next.id()).isEqualTo("checkpoint-000008-4");
    }

    @Test
    void shouldNotTouchOneThatWasAnnounced() throws IOException {
        // Given
        String first = write(8).sha256();

        // When
        CheckpointReference second = write(8, "checkpoint-000008");
        CheckpointReference third = write(8, "checkpoint-000008", "checkpoint-000008-2");

        // Then
        assertThat(second.id()).isEqualTo("checkpoint-000008-2");
        assertThat(third.id()).isEqualTo("checkpoint-000008-3");
        assertThat(CheckpointManifest.readVerified(store.resolve(third)).id()).isEqualTo("checkpoint-000008-3");
        assertThat(Sha256.of(root.resolve("intent/checkpoint-000008/manifest.json")))
                .isEqualTo(first);
    }

    @Test
    void shouldKeepTheNewest() {
        // Given
        for (long step : new long[] {9, 10, 999_999, 1_000_000}) {
            write(step);
        }

        // When
        store.keepNewest(2);

        // Then
        assertThat(children()).containsExactly("checkpoint-1000000", "checkpoint-999999");
    }

    @Test
    void shouldKeepTheNewestOfOneStep() {
        // Given
        Set<String> announced = new TreeSet<>();
        for (int again = 1; again <= 11; again++) {
            announced.add(store.write(8, LINEAGE, announced, directory -> {}).id());
        }

        // When
        store.keepNewest(2);

        // Then
        assertThat(children()).containsExactly("checkpoint-000008-10", "checkpoint-000008-11");
    }

    @Test
    void shouldKeepThemAllWhenThereAreFewer() {
        // Given
        write(1);

        // When
        store.keepNewest(2);

        // Then
        assertThat(children()).containsExactly("checkpoint-000001");
    }

    /** As if it had been written long ago. */
    private static void setBack(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    }

    private CheckpointReference write(long step, String... announced) {
        return store.write(
                step,
                LINEAGE,
                Set.of(announced),
                directory -> Files.writeString(directory.resolve("model"), "weights"));
    }

    private List<String> checkpoints() {
        return children().stream().filter(name -> !name.startsWith(".")).toList();
    }

    private List<String> children() {
        try (Stream<Path> children = Files.list(root.resolve("intent"))) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
