package io.millrace.trainer.drift;

import static io.millrace.trainer.drift.DriftTasks.SMALL;
import static io.millrace.trainer.drift.DriftTasks.run;
import static io.millrace.trainer.drift.DriftTasks.task;
import static io.millrace.trainer.drift.SyntheticStream.Properties.STABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.DriftEvent;
import io.millrace.schemas.DriftPhase;
import io.millrace.trainer.config.DriftConfig;
import io.millrace.trainer.config.DriftDetector;
import io.millrace.trainer.config.TrainedTask;
import io.millrace.trainer.config.WatchedMetric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class DriftFileTest {

    private static final Map<String, Long> EMBEDDINGS_TOO = Map.of("embeddings", 1_000L);

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource
    void shouldContinueAsIfThereHadBeenNoRestart(DriftDetector detector) throws IOException {
        // Given
        TrainedTask task = task(new DriftConfig(50, 0.2, detector, 1_000L, EMBEDDINGS_TOO, null, 200, 100, 3));
        StreamDrift uninterrupted = new StreamDrift(task);
        SyntheticStream stream = new SyntheticStream(3, true);
        SyntheticStream same = new SyntheticStream(3, true);
        run(uninterrupted, stream, 1_000, 50);
        same.next(1_000);
        drift(stream);
        drift(same);
        List<DriftEvent> started = run(uninterrupted, stream, 100, 50);

        // When
        DriftFile.write(directory, task, uninterrupted);
        StreamDrift restored = DriftFile.read(directory, task);
        same.next(100);

        // Then
        assertThat(started).isNotEmpty();
        assertThat(run(restored, same, 2_000, 50)).isEqualTo(run(uninterrupted, stream, 2_000, 50));
        assertThat(written(task, restored)).isEqualTo(written(task, uninterrupted));
    }

    private static void drift(SyntheticStream stream) {
        stream.become(STABLE.withError(0.7)
                .withWords(20)
                .withNewWords(0.2)
                .withLabels(5)
                .withShift(2));
    }

    private String written(TrainedTask task, StreamDrift watch) throws IOException {
        Path copy = Files.createTempDirectory(directory, "copy");
        DriftFile.write(copy, task, watch);
        return Files.readString(copy.resolve(DriftFile.NAME));
    }

    @Test
    void shouldWriteNothingIfNothingWasWatched() throws IOException {
        // When
        DriftFile.write(directory, task(SMALL), new StreamDrift(task(SMALL)));

        // Then
        assertThat(directory).isEmptyDirectory();
        assertThat(DriftFile.read(directory, task(SMALL)).isEmpty()).isTrue();
    }

    @Test
    void shouldStartAnewAndEndOpenDriftIfTheSettingsHaveChanged() throws IOException {
        // Given
        StreamDrift before = new StreamDrift(task(SMALL));
        SyntheticStream stream = new SyntheticStream(3, false);
        run(before, stream, 1_000, 50);
        stream.become(STABLE.withUnknown(0.5));
        run(before, stream, 100, 50);
        DriftFile.write(directory, task(SMALL), before);
        TrainedTask changed = task(DriftTasks.only(DriftDetector.DDM, WatchedMetric.PREQUENTIAL_ACCURACY));

        // When
        StreamDrift after = DriftFile.read(directory, changed);
        Path unused = Files.createDirectory(directory.resolve("unused"));
        DriftFile.write(unused, changed, after);
        List<DriftEvent> events = DriftFile.read(unused, changed).add(3, 30, stream.next(50));

        // Then
        assertThat(DriftFile.hasOtherSettings(directory, changed)).isTrue();
        assertThat(DriftFile.hasOtherSettings(unused, changed)).isFalse();
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.phase()).isEqualTo(DriftPhase.RECOVERED);
            assertThat(event.metric()).isEqualTo("unknownTokens");
            assertThat(event.detector()).contains("training.drift have changed");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"seen\":1000 | \"seen\":\"x\" | must be a whole number",
                "\"episodeGrew\" | \"another\" | is missing",
                "\"evidence\":[ | \"evidence\":[\"0x1.0p0\", | values, got"
            })
    void shouldSayWhatIsMalformed(String part, String instead, String said) throws IOException {
        // Given
        StreamDrift watch = new StreamDrift(task(SMALL));
        run(watch, new SyntheticStream(3, false), 1_000, 50);
        DriftFile.write(directory, task(SMALL), watch);
        Path file = directory.resolve(DriftFile.NAME);
        Files.writeString(file, Files.readString(file).replace(part, instead));

        // When / Then
        assertThatThrownBy(() -> DriftFile.read(directory, task(SMALL)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(said)
                .hasMessageContaining("resume from the one before it");
    }

    @Test
    void shouldStaySmall() throws IOException {
        // Given
        TrainedTask task = task(new DriftConfig(null, null, null, null, Map.of(), null, null, null, null));
        StreamDrift watch = new StreamDrift(task);

        // When
        run(watch, new SyntheticStream(3, false), 5_000, 50);
        DriftFile.write(directory, task, watch);
        long early = Files.size(directory.resolve(DriftFile.NAME));
        run(watch, new SyntheticStream(4, false), 20_000, 50);
        DriftFile.write(directory, task, watch);

        // Then
        assertThat(Files.size(directory.resolve(DriftFile.NAME)))
                .isLessThan(100_000)
                .isLessThan(early + 2_000);
    }
}
