package io.millrace.trainer.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.LabelledExample;
import io.millrace.trainer.config.ReplayConfig.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

class ReplayFileTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @EnumSource
    void shouldGiveBackABufferThatGoesOnAsTheOneWritten(Sample sample) throws IOException {
        // Given
        ReplayBuffer buffer = ReplayBufferTest.filled(sample, ReplayBufferTest::skewed, 1);
        ReplayFile.write(directory, buffer);

        // When
        ReplayBuffer read = ReplayFile.read(directory, ReplayBufferTest.config(sample, 20));

        // Then
        offerMore(buffer);
        offerMore(read);
        assertThat(read.examples()).isEqualTo(buffer.examples());
        assertThat(read.samplerState()).isEqualTo(buffer.samplerState());
    }

    @Test
    void shouldWriteTheSameBytesForTheSameBuffer() throws IOException {
        // Given
        Path again = Files.createDirectory(directory.resolve("again"));
        ReplayBuffer buffer = ReplayBufferTest.filled(Sample.PER_CLASS, ReplayBufferTest::skewed, 1);
        ReplayFile.write(directory, buffer);

        // When
        ReplayFile.write(again, ReplayFile.read(directory, ReplayBufferTest.config(Sample.PER_CLASS, 20)));

        // Then
        assertThat(again.resolve(ReplayFile.NAME)).hasSameBinaryContentAs(directory.resolve(ReplayFile.NAME));
    }

    @Test
    void shouldKeepEveryFieldOfAnExample() throws IOException {
        // Given
        LabelledExample whole = new LabelledExample(
                "1",
                "line\nbreak \u2028 \"quoted\"",
                "pair",
                "a",
                Instant.parse("2024-05-06T07:08:09.123Z"),
                0.25,
                Map.of("k", "v"));
        ReplayBuffer buffer = new ReplayBuffer(ReplayBufferTest.config(Sample.UNIFORM, 3));
        buffer.offer(whole, new SplittableRandom(1));

        // When
        ReplayFile.write(directory, buffer);

        // Then
        assertThat(ReplayFile.read(directory, ReplayBufferTest.config(Sample.UNIFORM, 3))
                        .examples())
                .containsExactly(whole);
    }

    @Test
    void shouldReadAFileOfAnEarlierVersion() throws IOException {
        // Given what was written for a regression before: one count per number
        Files.writeString(
                directory.resolve(ReplayFile.NAME),
                """
                {"seen":{"0.5":7,"1.5":1,"2.5":3},"full":[]}
                {"id":"1","text":"a text","label":"1.5"}
                """);

        // When
        ReplayBuffer read = ReplayFile.read(directory, ReplayBufferTest.config(Sample.UNIFORM, 3));

        // Then
        assertThat(read.examples()).containsExactly(new LabelledExample("1", "a text", null, "1.5", null, null, null));
        assertThat(read.samplerState()).isEqualTo(new ReplayBuffer.SamplerState(11L, Map.of(), Set.of()));
    }

    @Test
    void shouldBeginEmptyWhereNoneWasWritten() {
        // When / Then
        assertThat(ReplayFile.read(directory, ReplayBufferTest.config(Sample.UNIFORM, 3))
                        .examples())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{broken", "[]", "{\"seen\":{},\"full\":[]}\n{broken"})
    void shouldNameAFileThatIsNoBuffer(String content) throws IOException {
        // Given
        Path file = Files.writeString(directory.resolve(ReplayFile.NAME), content);

        // When / Then
        assertThatThrownBy(() -> ReplayFile.read(directory, ReplayBufferTest.config(Sample.UNIFORM, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + " is not a replay buffer: ");
    }

    private static void offerMore(ReplayBuffer buffer) {
        SplittableRandom random = new SplittableRandom(5);
        for (long number = 500; number < 600; number++) {
            buffer.offer(ReplayBufferTest.example(number, ReplayBufferTest.skewed(number)), random);
        }
    }
}
