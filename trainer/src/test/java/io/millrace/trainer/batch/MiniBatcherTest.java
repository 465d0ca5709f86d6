package io.millrace.trainer.batch;

import static io.millrace.trainer.Sentiments.example;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.LabelledExample;
import io.millrace.schemas.OffsetRange;
import io.millrace.trainer.Sentiments;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class MiniBatcherTest {

    private static final int PARTITION = 3;
    private static final int RANDOM_STREAMS = 200;

    @Test
    void shouldCoverFromTheEndOfTheOneBeforeToTheLastExample() {
        // Given
        MiniBatcher batcher = new MiniBatcher(2, PARTITION, 10);

        // When
        batcher.add(10, example(10));
        batcher.add(11, example(11));
        batcher.add(14, example(14));
        batcher.add(17, example(17));

        // Then
        assertThat(batcher.take(TextBatcher.Taken.NOTHING))
                .isEqualTo(new MiniBatch(
                        List.of(new WithOffset<>(10, example(10)), new WithOffset<>(11, example(11))),
                        new OffsetRange(PARTITION, 10, 12),
                        false,
                        TextBatcher.Taken.NOTHING));
        assertThat(batcher.take(TextBatcher.Taken.NOTHING))
                .isEqualTo(new MiniBatch(
                        List.of(new WithOffset<>(14, example(14)), new WithOffset<>(17, example(17))),
                        new OffsetRange(PARTITION, 12, 18),
                        false,
                        TextBatcher.Taken.NOTHING));
        assertThat(batcher.nextOffset()).isEqualTo(18);
    }

    @Test
    void shouldCarryTheTextsThatJoinIt() {
        // Given
        MiniBatcher batcher = new MiniBatcher(1, PARTITION, 0);
        batcher.add(0, example(0));
        TextBatcher.Taken texts = new TextBatcher.Taken(
                List.of(new WithOffset<>(5, Sentiments.text(1))), Optional.of(new OffsetRange(PARTITION, 5, 9)));

        // When / Then
        assertThat(batcher.take(texts).texts()).isEqualTo(texts);
    }

    @Test
    void shouldCutAShortOneOnlyWhenAsked() {
        // Given
        MiniBatcher batcher = new MiniBatcher(4, PARTITION, 0);
        batcher.add(0, example(0));
        batcher.add(5, example(5));

        // When
        boolean full = batcher.isFull();
        MiniBatch cut = batcher.take(TextBatcher.Taken.NOTHING);

        // Then
        assertThat(full).isFalse();
        assertThat(cut.isShort()).isTrue();
        assertThat(cut.offsets()).isEqualTo(new OffsetRange(PARTITION, 0, 6));
        assertThat(batcher.pending()).isZero();
    }

    @Test
    void shouldNotCallTheLastFullOneShort() {
        // Given
        MiniBatcher batcher = new MiniBatcher(1, PARTITION, 0);
        batcher.add(0, example(0));

        // When / Then
        assertThat(batcher.take(TextBatcher.Taken.NOTHING).isShort()).isFalse();
    }

    @Test
    void shouldRefuseOffsetsThatDoNotGrow() {
        // Given
        MiniBatcher batcher = new MiniBatcher(4, PARTITION, 10);
        batcher.add(12, example(12));

        // When / Then
        assertThatThrownBy(() -> batcher.add(12, example(12)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("partition 3: expected an offset above 12, got 12."
                        + " The source must be positioned where the checkpoint left off.");
    }

    @Test
    void shouldRefuseOffsetsThatACheckpointHasCovered() {
        // When / Then
        assertThatThrownBy(() -> new MiniBatcher(4, PARTITION, 10).add(9, example(9)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("expected an offset above 9, got 9");
    }

    @Test
    void shouldPassOverWhatHoldsNoExample() {
        // Given
        MiniBatcher batcher = new MiniBatcher(1, PARTITION, 10);

        // When
        batcher.passOver(13);
        batcher.passOver(11);

        // Then
        assertThat(batcher.nextOffset()).isEqualTo(13);
        batcher.add(15, example(15));
        assertThat(batcher.take(TextBatcher.Taken.NOTHING).offsets()).isEqualTo(new OffsetRange(PARTITION, 13, 16));
    }

    @Test
    void shouldNotPassOverAnExampleThatWaits() {
        // Given
        MiniBatcher batcher = new MiniBatcher(4, PARTITION, 10);
        batcher.add(12, example(12));

        // When / Then
        assertThatThrownBy(() -> batcher.passOver(13))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("partition 3: 1 examples wait for a mini-batch, they cannot be passed over");
    }

    @Test
    void shouldRefuseToCutFromNothing() {
        // When / Then
        assertThatThrownBy(() -> new MiniBatcher(4, PARTITION, 10).take(TextBatcher.Taken.NOTHING))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("partition 3: no example waits for a mini-batch");
    }

    @Test
    void shouldCutTheSameMiniBatchesHoweverTheStreamIsPolledAndStopped() {
        for (int seed = 0; seed < RANDOM_STREAMS; seed++) {
            // Given
            Random random = new Random(seed);
            int batchSize = 1 + random.nextInt(5);
            List<Long> offsets = offsets(random);

            // When
            List<MiniBatch> atOnce = atOnce(batchSize, offsets);
            List<MiniBatch> polled = polled(batchSize, offsets, random);

            // Then
            assertThat(polled).as("seed %d", seed).isEqualTo(atOnce);
            assertTiled(seed, batchSize, offsets, atOnce);
        }
    }

    /** Offsets that grow, with holes where transactions ended. */
    private static List<Long> offsets(Random random) {
        List<Long> offsets = new ArrayList<>();
        long offset = random.nextInt(3);
        for (int i = random.nextInt(40); i > 0; i--) {
            offsets.add(offset);
            offset += random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
        }
        return offsets;
    }

    private static List<MiniBatch> atOnce(int batchSize, List<Long> offsets) {
        MiniBatcher batcher = new MiniBatcher(batchSize, PARTITION, 0);
        offsets.forEach(offset -> batcher.add(offset, example(offset)));
        List<MiniBatch> cut = new ArrayList<>();
        while (batcher.isFull()) {
            cut.add(batcher.take(TextBatcher.Taken.NOTHING));
        }
        return cut;
    }

    /** Polls of random sizes; now and then a new process takes over where the last mini-batch ended. */
    private static List<MiniBatch> polled(int batchSize, List<Long> offsets, Random random) {
        MiniBatcher batcher = new MiniBatcher(batchSize, PARTITION, 0);
        List<MiniBatch> cut = new ArrayList<>();
        int next = 0;
        while (next < offsets.size()) {
            int end = Math.min(offsets.size(), next + 1 + random.nextInt(7));
            while (next < end) {
                batcher.add(offsets.get(next), example(offsets.get(next)));
                next++;
            }
            while (batcher.isFull() && random.nextInt(4) > 0) {
                cut.add(batcher.take(TextBatcher.Taken.NOTHING));
            }
            if (random.nextInt(5) == 0) {
                long from = batcher.nextOffset();
                batcher = new MiniBatcher(batchSize, PARTITION, from);
                next = (int) offsets.stream().filter(offset -> offset < from).count();
            }
        }
        while (batcher.isFull()) {
            cut.add(batcher.take(TextBatcher.Taken.NOTHING));
        }
        return cut;
    }

    private static void assertTiled(int seed, int batchSize, List<Long> offsets, List<MiniBatch> cut) {
        long next = 0;
        List<LabelledExample> examples = new ArrayList<>();
        for (MiniBatch batch : cut) {
            assertThat(batch.offsets().first()).as("seed %d", seed).isEqualTo(next);
            assertThat(batch.examples()).as("seed %d", seed).hasSize(batchSize);
            next = batch.offsets().next();
            examples.addAll(batch.examples());
        }
        assertThat(examples)
                .as("seed %d", seed)
                .isEqualTo(offsets.stream()
                        .limit(offsets.size() / batchSize * (long) batchSize)
                        .map(Sentiments::example)
                        .toList());
    }
}
