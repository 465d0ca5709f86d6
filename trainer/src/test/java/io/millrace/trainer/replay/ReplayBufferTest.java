package io.millrace.trainer.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.schemas.LabelledExample;
import io.millrace.trainer.config.ReplayConfig;
import io.millrace.trainer.config.ReplayConfig.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongFunction;

class ReplayBufferTest {

    private static final int CAPACITY = 20;
    private static final int STREAM = 200;
    private static final int STREAMS = 4_000;

    @Test
    void shouldKeepEveryPositionOfAStreamWithTheSameChance() {
        // Given
        int[] kept = new int[STREAM];

        // When
        for (int seed = 0; seed < STREAMS; seed++) {
            filled(Sample.UNIFORM, number -> "a", seed)
                    .examples()
                    .forEach(example -> kept[Integer.parseInt(example.id())]++);
        }

        // Then
        for (int position = 0; position < STREAM; position++) {
            assertThat(kept[position] / (double) STREAMS)
                    .as("position %d", position)
                    .isCloseTo(CAPACITY / (double) STREAM, within(0.02));
        }
    }

    @Test
    void shouldGiveEveryClassTheSameRoomOnASkewedStream() {
        // When one example in twenty is of each rare class
        ReplayBuffer buffer = filled(Sample.PER_CLASS, ReplayBufferTest::skewed, 1);

        // Then
        assertThat(count(buffer, "rare")).isBetween(6L, 7L);
        assertThat(count(buffer, "seldom")).isBetween(6L, 7L);
        assertThat(count(buffer, "often")).isBetween(6L, 8L);
    }

    @Test
    void shouldKeepEveryPositionOfAClassWithTheSameChance() {
        // Given
        int[] kept = new int[STREAM];

        // When
        for (int seed = 0; seed < STREAMS; seed++) {
            filled(Sample.PER_CLASS, number -> number % 2 == 0 ? "a" : "b", seed)
                    .examples()
                    .forEach(example -> kept[Integer.parseInt(example.id())]++);
        }

        // Then
        for (int position = 0; position < STREAM; position++) {
            assertThat(kept[position] / (double) STREAMS)
                    .as("position %d", position)
                    .isCloseTo(CAPACITY / (double) STREAM, within(0.03));
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldFollowFromTheStreamAndTheGeneratorAlone(Sample sample) {
        // When
        ReplayBuffer one = filled(sample, ReplayBufferTest::skewed, 1);
        ReplayBuffer again = filled(sample, ReplayBufferTest::skewed, 1);
        ReplayBuffer other = filled(sample, ReplayBufferTest::skewed, 2);

        // Then
        assertThat(again.examples()).isEqualTo(one.examples());
        assertThat(again.samplerState()).isEqualTo(one.samplerState());
        assertThat(other.examples()).isNotEqualTo(one.examples());
    }

    @Test
    void shouldDrawWithoutReplacement() {
        // Given
        ReplayBuffer buffer = filled(Sample.UNIFORM, number -> "a", 1);

        for (int seed = 0; seed < 100; seed++) {
            // When
            List<LabelledExample> drawn = buffer.draw(7, new SplittableRandom(seed));

            // Then
            assertThat(drawn).hasSize(7).doesNotHaveDuplicates();
            assertThat(buffer.examples()).containsAll(drawn);
        }
    }

    @Test
    void shouldDrawEveryExampleWithTheSameChance() {
        // Given
        ReplayBuffer buffer = filled(Sample.UNIFORM, number -> "a", 1);
        int[] drawn = new int[CAPACITY];

        // When
        for (int seed = 0; seed < STREAMS; seed++) {
            buffer.draw(5, new SplittableRandom(seed))
                    .forEach(example -> drawn[buffer.examples().indexOf(example)]++);
        }

        // Then
        for (int slot = 0; slot < CAPACITY; slot++) {
            assertThat(drawn[slot] / (double) STREAMS).as("slot %d", slot).isCloseTo(0.25, within(0.03));
        }
    }

    @Test
    void shouldDrawAllThereIsWhenThatIsLess() {
        // Given
        ReplayBuffer buffer = new ReplayBuffer(config(Sample.UNIFORM, CAPACITY));
        buffer.offer(example(1, "a"), new SplittableRandom(1));

        // When / Then
        assertThat(buffer.draw(5, new SplittableRandom(1))).containsExactly(example(1, "a"));
        assertThat(buffer.draw(0, new SplittableRandom(1))).isEmpty();
        assertThat(new ReplayBuffer(config(Sample.UNIFORM, CAPACITY)).draw(5, new SplittableRandom(1)))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepAsManyAsASmallerCapacityLeavesRoomFor(Sample sample) {
        // Given
        ReplayBuffer large = filled(sample, ReplayBufferTest::skewed, 1);

        // When
        ReplayBuffer small = new ReplayBuffer(config(sample, 8), large.samplerState(), large.examples());
        small.offer(example(STREAM, "often"), new SplittableRandom(1));
        small.offer(example(STREAM + 1, "new"), new SplittableRandom(1));

        // Then
        assertThat(small.examples()).hasSize(8);
        assertThat(Collections.disjoint(large.examples(), small.examples())).isFalse();
    }

    @Test
    void shouldNotGrowWithTheLabelsOfARegression() {
        // Given
        ReplayBuffer buffer = new ReplayBuffer(config(Sample.UNIFORM, CAPACITY));
        SplittableRandom random = new SplittableRandom(1);

        // When
        for (int number = 0; number < 200_000; number++) {
            buffer.offer(example(number, Double.toString(number / 7.0)), random);
        }

        // Then
        assertThat(buffer.samplerState()).isEqualTo(new ReplayBuffer.SamplerState(200_000L, Map.of(), Set.of()));
        assertThat(buffer.examples()).hasSize(CAPACITY);
    }

    @Test
    void shouldGoOnByClassFromAUniformSample() {
        // Given
        ReplayBuffer uniform = filled(Sample.UNIFORM, ReplayBufferTest::skewed, 1);

        // When
        ReplayBuffer balanced =
                new ReplayBuffer(config(Sample.PER_CLASS, CAPACITY), uniform.samplerState(), uniform.examples());

        // Then
        long often = count(balanced, "often");
        assertThat(balanced.samplerState().seen()).containsEntry("often", often * STREAM / CAPACITY);
        balanced.offer(example(STREAM, "new"), new SplittableRandom(1));
        assertThat(count(balanced, "new")).isEqualTo(1);
    }

    static ReplayBuffer filled(Sample sample, LongFunction<String> label, long seed) {
        ReplayBuffer buffer = new ReplayBuffer(config(sample, CAPACITY));
        SplittableRandom random = new SplittableRandom(seed);
        for (long number = 0; number < STREAM; number++) {
            buffer.offer(example(number, label.apply(number)), random);
        }
        return buffer;
    }

    static ReplayConfig config(Sample sample, int capacity) {
        return new ReplayConfig(0.5, capacity, sample);
    }

    static String skewed(long number) {
        return switch ((int) (number % 20)) {
            case 7 -> "rare";
            case 13 -> "seldom";
            default -> "often";
        };
    }

    static LabelledExample example(long number, String label) {
        return new LabelledExample(Long.toString(number), "text " + number, null, label, null, null, null);
    }

    private static long count(ReplayBuffer buffer, String label) {
        return buffer.examples().stream()
                .filter(example -> example.label().equals(label))
                .count();
    }
}
