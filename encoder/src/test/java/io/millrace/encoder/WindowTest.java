package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Sliding windows on packed tokens. */
class WindowTest {

    private static final int LENGTH = 40;

    @TempDir
    private Path directory;

    @Test
    void shouldHideFromATokenWhatIsOutOfItsReach() throws IOException {
        // Given four layers that each see 4 tokens to either side: 16 in all
        slide();
        try (OpenModel model = new OpenModel(directory)) {

            // When
            float[] one = hidden(model, text(5));
            float[] other = hidden(model, text(6));

            // Then: the token at 20 is what differs
            int width = model.checkpoint().config().shape().width();
            for (int token = 0; token < LENGTH; token++) {
                boolean same = Arrays.equals(row(one, token, width), row(other, token, width));
                assertThat(same).as("token " + token).isEqualTo(Math.abs(token - 20) > 16);
            }
        }
    }

    @Test
    void shouldMeasureReachByPlacesInTheWholeText() throws IOException {
        // Given
        slide();
        try (OpenModel model = new OpenModel(directory);
                GradMode off = GradMode.off();
                NDManager scope = model.encoder().manager().newSubManager()) {
            TextBatch batch = model.encoder().pack(scope, List.of(text(5)));
            boolean[] kept = new boolean[LENGTH];
            Arrays.fill(kept, true);
            Arrays.fill(kept, 21, 26, false);
            ForwardPass pass = model.encoder().inferencePass(scope, model.weights());

            // When five tokens are taken out, more than a token sees
            TextBatch seen = batch.keeping(scope, kept);
            float[] left = pass.hidden(seen, pass.wordEmbeddings(seen)).toFloatArray();

            // Then the tokens before the gap are what they are without those behind it
            Arrays.fill(kept, 26, LENGTH, false);
            TextBatch first = batch.keeping(scope, kept);
            float[] alone = pass.hidden(first, pass.wordEmbeddings(first)).toFloatArray();
            assertThat(Arrays.copyOf(left, alone.length)).containsExactly(alone, within(1e-5f));
        }
    }

    private void slide() throws IOException {
        Goldens.copy("modernbert", directory);
        Goldens.editConfig(directory, config -> {
            ArrayNode types = config.putArray("layer_types");
            for (int layer = 0; layer < 4; layer++) {
                types.add("sliding_attention");
            }
        });
    }

    private static TokenizedText text(int id) {
        int[] ids = new int[LENGTH];
        Arrays.fill(ids, 9);
        ids[20] = id;
        return new TokenizedText(ids, new int[LENGTH], new boolean[LENGTH]);
    }

    private static float[] hidden(OpenModel model, TokenizedText text) {
        try (GradMode off = GradMode.off();
                NDManager scope = model.encoder().manager().newSubManager()) {
            ForwardPass pass = model.encoder().inferencePass(scope, model.weights());
            TextBatch batch = model.encoder().pack(scope, List.of(text));
            return pass.hidden(batch, pass.wordEmbeddings(batch)).toFloatArray();
        }
    }

    private static float[] row(float[] hidden, int token, int width) {
        return Arrays.copyOfRange(hidden, token * width, (token + 1) * width);
    }
}
