package io.millrace.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.CheckpointAnnouncement;
import io.millrace.schemas.CheckpointReference;
import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.store.CheckpointManifest.Lineage;
import io.millrace.trainer.config.CheckpointConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

class CheckpointRetentionTest {

    private static final int PARTITION = 3;

    @TempDir
    private Path root;

    private final List<LocatedAnnouncement> history = new ArrayList<>();
    private final Map<Integer, Long> judged = new HashMap<>();

    @Test
    void shouldKeepTheNewestJudgedCheckpoints() {
        // Given
        CheckpointRetention retention = retention(2, 20);
        judged.put(PARTITION, 1000L);

        // When
        int waiting = announce(retention, 1, 2, 3, 4);

        // Then
        assertThat(waiting).isZero();
        assertThat(steps()).containsExactly(3, 4);
    }

    @Test
    void shouldNotDeleteCheckpointsThatWaitForAVerdict() {
        // Given
        CheckpointRetention retention = retention(2, 20);
        judged.put(PARTITION, 3L);

        // When
        int waiting = announce(retention, 1, 2, 3, 4, 5, 6, 7);

        // Then
        assertThat(waiting).isEqualTo(5);
        assertThat(steps()).containsExactly(3, 4, 5, 6, 7);
        judged.put(PARTITION, 1000L);
        assertThat(retention.apply()).isZero();
        assertThat(steps()).containsExactly(6, 7);
    }

    @Test
    void shouldDeleteEverySecondOfTooManyWaitingCheckpoints() {
        // Given
        CheckpointRetention retention = retention(2, 6);
        judged.put(PARTITION, 1L);

        // When
        int waiting = announce(retention, 1, 2, 3, 4, 5, 6, 7);

        // Then every second, but neither the oldest nor those to fall back on
        assertThat(waiting).isEqualTo(5);
        assertThat(steps()).containsExactly(1, 3, 5, 6, 7);
    }

    @Test
    void shouldBeBoundedHoweverSlowTheEvaluatorIs() {
        // Given
        CheckpointRetention retention = retention(2, 6);
        judged.put(PARTITION, 1L);

        // When
        announce(retention, IntStream.rangeClosed(1, 200).toArray());

        // Then
        assertThat(steps()).hasSizeLessThanOrEqualTo(6).startsWith(1).endsWith(199, 200);
    }

    @Test
    void shouldDeleteTheOldestIfNobodyHasEverJudged() {
        // Given
        CheckpointRetention retention = retention(2, 4);

        // When
        int waiting = announce(retention, 1, 2, 3, 4, 5, 6);

        // Then
        assertThat(waiting).isEqualTo(4);
        assertThat(steps()).containsExactly(3, 4, 5, 6);
    }

    @Test
    void shouldKeepAsManyAsAreToFallBackOnIfFewerMayWait() {
        // Given
        CheckpointRetention retention = retention(3, 0);

        // When
        announce(retention, 1, 2, 3, 4, 5);

        // Then
        assertThat(steps()).containsExactly(3, 4, 5);
    }

    @Test
    void shouldKeepTheAncestorsOfTheNewestRatherThanAnAbandonedBranch() {
        // Given
        CheckpointRetention retention = retention(3, 20);
        judged.put(PARTITION, 1000L);
        announce(retention, 300);
        announce(retention, 310);
        announce(retention, 320);

        // When training goes back to 310
        announceOnto(retention, "checkpoint-000310", 312);

        // Then
        assertThat(steps()).containsExactly(300, 310, 312);
    }

    @Test
    void shouldContinueTheRetentionOfAnotherTrainer() {
        // Given
        announce(retention(5, 20), 1, 2, 3, 4);
        judged.put(PARTITION, 1000L);

        // When
        announce(retention(2, 20), 5);

        // Then
        assertThat(steps()).containsExactly(4, 5);
    }

    @Test
    void shouldNotDeleteUnknownCheckpoints() {
        // Given a trainer that lost the task, and the checkpoint of its successor
        CheckpointRetention late = retention(2, 20);
        announce(late, 1, 2);
        write(9, "checkpoint-000002");
        judged.put(PARTITION, 1000L);

        // When
        announce(late, 3, 4);

        // Then
        assertThat(steps()).containsExactly(3, 4, 9);
    }

    private CheckpointRetention retention(int keep, int keepUnjudged) {
        return new CheckpointRetention(
                store(), new CheckpointConfig(null, null, keep, keepUnjudged, null), history, () -> judged);
    }

    private CheckpointStore store() {
        return new CheckpointStore(root, "intent");
    }

    /** Announces the checkpoints of these steps, each the parent of the next, and gives how many wait at the end. */
    private int announce(CheckpointRetention retention, int... steps) {
        int waiting = 0;
        for (int step : steps) {
            String parent =
                    history.isEmpty() ? null : history.get(history.size() - 1).id();
            waiting = announceOnto(retention, parent, step);
        }
        return waiting;
    }

    private int announceOnto(CheckpointRetention retention, String parent, int step) {
        CheckpointReference reference = write(step, parent);
        OffsetRange range = new OffsetRange(0, step, step + 1);
        LocatedAnnouncement announced = new LocatedAnnouncement(
                new CheckpointAnnouncement(reference, parent, range, 1, Map.of()), PARTITION, history.size() + 1);
        history.add(announced);
        retention.announced(announced);
        return retention.apply();
    }

    private CheckpointReference write(int step, String parent) {
        Lineage lineage = new Lineage(parent, "0".repeat(64), new OffsetRange(0, step, step + 1), List.of());
        return store().write(step, lineage, Set.of(), directory -> {});
    }

    /** The steps whose checkpoints are in the store. */
    private List<Integer> steps() {
        String[] names = root.resolve("intent").toFile().list();
        return Arrays.stream(names)
                .filter(name -> name.startsWith("checkpoint-"))
                .map(name -> Integer.valueOf(name.substring("checkpoint-".length())))
                .sorted()
                .toList();
    }
}
