package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.encoder.MaskedTokenScore.HeldOut;
import io.millrace.encoder.MaskedTokenScore.Measurement;
import io.millrace.schemas.store.Sha256;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class MaskedTokenScoreTest {

    private static final List<Measurement> MEASURED =
            List.of(new Measurement("head", 0, 0, 0, 10.5), new Measurement("both", 1, 40, 33.25, 3.5));

    @TempDir
    private Path folder;

    @Test
    void shouldReadWhatItWrites() throws IOException {
        // Given
        MaskedTokenScore score = new MaskedTokenScore(true, new HeldOut(600, 5_100, 4.5), MEASURED, "abc");

        // When
        score.write(folder);

        // Then
        assertThat(MaskedTokenScore.read(folder)).contains(score);
        assertThat(Files.readString(folder.resolve("masked-token-score.json")))
                .isEqualTo("{\"freshHead\":true,\"heldOut\":{\"texts\":600,\"masked\":5100,\"mostFrequentOf100\":4.5},"
                        + "\"measurements\":[{\"phase\":\"head\",\"epoch\":0,\"step\":0,\"rightOf100\":0.0,\"loss\":10.5},"
                        + "{\"phase\":\"both\",\"epoch\":1,\"step\":40,\"rightOf100\":33.25,\"loss\":3.5}],"
                        + "\"weightsSha256\":\"abc\"}\n");
        assertThat(score.first().rightOf100()).isZero();
        assertThat(score.last().rightOf100()).isEqualTo(33.25);
    }

    @Test
    void shouldCountForTheWeightsThatWereMeasuredAlone() throws IOException {
        // Given
        Path weights = Files.writeString(folder.resolve("model.safetensors"), "weights");
        HeldOut heldOut = new HeldOut(600, 5_100, 4.5);

        // When / Then
        assertThat(MaskedTokenScore.ofWeights(folder)).isEmpty();
        new MaskedTokenScore(true, heldOut, MEASURED, Sha256.of(weights)).write(folder);
        assertThat(MaskedTokenScore.ofWeights(folder)).isPresent();
        Files.writeString(weights, "other weights");
        assertThat(MaskedTokenScore.ofWeights(folder)).isEmpty();
        new MaskedTokenScore(true, heldOut, MEASURED, null).write(folder);
        assertThat(MaskedTokenScore.ofWeights(folder)).isEmpty();
    }

    @Test
    void shouldSayWhatToDoWithAFileThatIsBroken() throws IOException {
        // Given
        Path file = folder.resolve("masked-token-score.json");

        // When / Then
        for (String broken : List.of("", "{", "{\"measurements\": []}", "[1]")) {
            Files.writeString(file, broken);
            assertThatThrownBy(() -> MaskedTokenScore.read(folder))
                    .isInstanceOf(UnusableCheckpointException.class)
                    .hasMessageStartingWith("cannot read " + file + ": ")
                    .hasMessageContaining("Delete it, and the encoder counts as never measured");
        }
    }
}
