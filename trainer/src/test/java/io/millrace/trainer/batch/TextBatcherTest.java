package io.millrace.trainer.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.OffsetRange;
import io.millrace.schemas.UnlabelledText;
import io.millrace.trainer.Sentiments;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class TextBatcherTest {

    private static final int PARTITION = 3;
    private static final int RANDOM_STREAMS = 200;

    @Test
    void shouldCoverFromTheEndOfTheOneBeforeToTheLastText() {
        // Given
        TextBatcher batcher = new TextBatcher(2, PARTITION, 10);
        add(batcher, 10, 13, 14, 17);

        // When / Then
        assertThat(batcher.take()).isEqualTo(taken(10, 14, 10, 13));
        assertThat(batcher.take()).isEqualTo(taken(14, 18, 14, 17));
        assertThat(batcher.nextOffset()).isEqualTo(18);
    }

    @Test
    void shouldHandOutAllThatWaitWhenTheyAreFewer() {
        // Given
        TextBatcher batcher = new TextBatcher(4, PARTITION, 0);
        add(batcher, 2);

        // When / Then
        assertThat(batcher.take()).isEqualTo(taken(0, 3, 2));
        assertThat(batcher.take()).isEqualTo(TextBatcher.Taken.NOTHING);
        assertThat(batcher.nextOffset()).isEqualTo(3);
    }

    @Test
    void shouldBeReadyOnceThereAreEnoughOrNoMoreToBeHad() {
        // Given
        TextBatcher batcher = new TextBatcher(2, PARTITION, 0);

        // When / Then
        assertThat(batcher.isReady()).isFalse();
        add(batcher, 0);
        assertThat(batcher.isReady()).isFalse();
        batcher.atEnd(true);
        assertThat(batcher.isReady()).isTrue();
        batcher.atEnd(false);
        assertThat(batcher.isReady()).isFalse();
        add(batcher, 1);
        assertThat(batcher.isReady()).isTrue();
    }

    @Test
    void shouldBeFilledBeforeItHoldsAWholeTopic() {
        // Given
        TextBatcher batcher = new TextBatcher(2, PARTITION, 0);

        // When
        for (long offset = 0; !batcher.isFilled(); offset++) {
            add(batcher, offset);
        }

        // Then
        assertThat(batcher.pending()).isEqualTo(16);
        assertThat(batcher.readOffset()).isEqualTo(16);
    }

    @Test
    void shouldPassOverWhatItReadUnlessATextWaits() {
        // Given
        TextBatcher batcher = new TextBatcher(2, PARTITION, 0);
        add(batcher, 3);
        batcher.read(4);

        // When / Then
        batcher.passOver(batcher.readOffset());
        assertThat(batcher.nextOffset()).as("a text waits").isZero();
        assertThat(batcher.take()).isEqualTo(taken(0, 4, 3));
        batcher.passOver(batcher.readOffset());
        assertThat(batcher.nextOffset()).isEqualTo(5);
        batcher.passOver(2);
        assertThat(batcher.nextOffset()).isEqualTo(5);
    }

    @Test
    void shouldReadNothingWhereNothingIsWanted() {
        // Given
        TextBatcher batcher = new TextBatcher(0, PARTITION, 7);

        // When / Then
        assertThat(batcher.isReading()).isFalse();
        assertThat(batcher.isReady()).isTrue();
        assertThat(batcher.take()).isEqualTo(TextBatcher.Taken.NOTHING);
        assertThat(batcher.nextOffset()).isEqualTo(7);
    }

    @Test
    void shouldTileThePartitionAndHandOutEveryTextOnce() {
        for (int seed = 0; seed < RANDOM_STREAMS; seed++) {
            // Given
            Random random = new Random(seed);
            TextBatcher batcher = new TextBatcher(1 + random.nextInt(4), PARTITION, 0);
            List<UnlabelledText> added = new ArrayList<>();
            List<UnlabelledText> handedOut = new ArrayList<>();
            long offset = 0;
            long next = 0;

            // When
            for (int event = 0; event < 60; event++) {
                if (random.nextInt(3) > 0) {
                    offset += random.nextInt(3);
                    added.add(Sentiments.text(offset));
                    add(batcher, offset++);
                } else {
                    TextBatcher.Taken taken = batcher.take();
                    handedOut.addAll(taken.texts());
                    assertThat(taken.offsets().isPresent())
                            .isEqualTo(!taken.texts().isEmpty());
                    if (taken.offsets().isPresent()) {
                        // Then
                        assertThat(taken.offsets().get().first())
                                .as("seed %d", seed)
                                .isEqualTo(next);
                        next = taken.offsets().get().next();
                    }
                }
            }
            assertThat(handedOut).as("seed %d", seed).isEqualTo(added.subList(0, handedOut.size()));
            assertThat(batcher.pending()).as("seed %d", seed).isEqualTo(added.size() - handedOut.size());
        }
    }

    private static void add(TextBatcher batcher, long... offsets) {
        for (long offset : offsets) {
            batcher.read(offset);
            batcher.add(offset, Sentiments.text(offset));
        }
    }

    private static TextBatcher.Taken taken(long first, long next, long... offsets) {
        List<WithOffset<UnlabelledText>> entries = new ArrayList<>();
        for (long offset : offsets) {
            entries.add(new WithOffset<>(offset, Sentiments.text(offset)));
        }
        return new TextBatcher.Taken(entries, Optional.of(new OffsetRange(PARTITION, first, next)));
    }
}
