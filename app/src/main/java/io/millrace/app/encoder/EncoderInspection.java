package io.millrace.app.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.app.encoder.EncoderFacts.Heads;
import io.millrace.app.encoder.EncoderFacts.Sample;
import io.millrace.app.encoder.EncoderFacts.Shape;
import io.millrace.app.encoder.EncoderFacts.Tokenizer;
import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.Weights;
import io.millrace.encoder.config.ConfigReader;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TextInput;
import io.millrace.encoder.tokens.TextTokenizer;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.schemas.store.UnusableCheckpointException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * Looks at an encoder as a task would that starts from it.
 *
 * @param text a text to encode
 * @param compute where to encode it
 */
public record EncoderInspection(String text, Compute compute) {

    private static final int WARM_UPS = 3;
    private static final int TIMED = 10;

    /** Inspects a directory. An encoder that is refused is a result, not an error. */
    public EncoderFacts of(Path directory) throws IOException {
        Shape shape = null;
        try {
            shape = shape(EncoderConfig.read(holder(directory)));
            EncoderCheckpoint checkpoint = EncoderCheckpoint.read(directory);
            return usable(directory, shape, checkpoint);
        } catch (UnusableCheckpointException e) {
            return refused(directory, shape, String.valueOf(e.getMessage()));
        }
    }

    private static Path holder(Path directory) {
        Path config = EncoderCheckpoint.fileOf(directory, EncoderConfig.FILE_NAME);
        return Objects.requireNonNull(config.getParent(), "a file is in a directory");
    }

    private static EncoderFacts refused(Path directory, @Nullable Shape shape, String why) {
        return new EncoderFacts(directory.toString(), why, shape, null, null, null, null);
    }

    private static Shape shape(EncoderConfig config) {
        return new Shape(
                config.json().path("model_type").asText(),
                config.shape().layers(),
                config.shape().width(),
                config.shape().heads(),
                config.vocabulary(),
                config.maxTokens());
    }

    private EncoderFacts usable(Path directory, Shape shape, EncoderCheckpoint checkpoint) throws IOException {
        OutputHead stored = checkpoint.head().orElse(OutputHead.none());
        // Any two labels do: only their weights count.
        OutputHead asked = checkpoint.head().orElse(OutputHead.classes(List.of("a", "b")));
        try (TextTokenizer tokenizer = checkpoint.openTokenizer(checkpoint.trainedMaxTokens());
                TextEncoder encoder = TextEncoder.open(checkpoint, compute);
                Weights weights = checkpoint.loadWeights(encoder.manager(), asked, new Random(0))) {
            return new EncoderFacts(
                    directory.toString(),
                    null,
                    shape,
                    StoredWeights.of(directory),
                    new Tokenizer(tokens(directory), checkpoint.trainedMaxTokens()),
                    new Heads(stored.kind(), stored.labels(), checkpoint.hasTokenHead(), checkpoint.missing(weights)),
                    sample(tokenizer, encoder, weights));
        }
    }

    private static int tokens(Path directory) {
        JsonNode json = ConfigReader.of(EncoderCheckpoint.fileOf(directory, TextTokenizer.FILE_NAME))
                .object();
        JsonNode vocabulary = json.path("model").path("vocab");
        Set<String> tokens = new HashSet<>();
        vocabulary.fieldNames().forEachRemaining(tokens::add);
        if (vocabulary.isArray()) {
            vocabulary.forEach(entry -> tokens.add(entry.path(0).asText()));
        }
        json.path("added_tokens")
                .forEach(entry -> tokens.add(entry.path("content").asText()));
        return tokens.size();
    }

    private Sample sample(TextTokenizer tokenizer, TextEncoder encoder, Weights weights) {
        TokenizedText tokens =
                tokenizer.tokenize(List.of(new TextInput(text, null))).get(0);
        try (GradMode off = GradMode.off()) {
            double[] times = new double[WARM_UPS + TIMED];
            for (int run = 0; run < times.length; run++) {
                times[run] = forwardMs(encoder, weights, tokens);
            }
            double[] timed = Arrays.copyOfRange(times, WARM_UPS, times.length);
            Arrays.sort(timed);
            return new Sample(
                    text, tokens.length(), tokens.truncated(), tokenizer.unknownShare(tokens), timed[TIMED / 2]);
        }
    }

    /** A GPU works on while Java continues; reading a number waits for it. */
    private static double forwardMs(TextEncoder encoder, Weights weights, TokenizedText tokens) {
        long startNanos = System.nanoTime();
        try (NDManager scope = encoder.manager().newSubManager()) {
            List<NDArray> states =
                    encoder.inferencePass(scope, weights).hiddenStates(encoder.pack(scope, List.of(tokens)));
            float[] unused = states.get(states.size() - 1).toFloatArray();
        }
        return (System.nanoTime() - startNanos) / 1e6;
    }
}
