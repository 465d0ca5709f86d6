package io.millrace.evaluator.score;

import static io.millrace.evaluator.EvaluatorFixtures.example;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.encoder.Compute;
import io.millrace.encoder.EncoderCheckpoint;
import io.millrace.encoder.Precision;
import io.millrace.encoder.TextClassifier;
import io.millrace.encoder.TextEncoder;
import io.millrace.encoder.Weights;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.evaluator.state.ProbeSet;
import io.millrace.schemas.Distribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

class TokenizedProbesTest {

    private static final Path ENCODER = Path.of("../encoder/src/test/resources/goldens/bert");
    private static final Compute CPU = new Compute("cpu", Precision.F32);

    @TempDir
    private Path directory;

    @Test
    void shouldTokenizeAVersionOncePerTokenizer() throws IOException {
        // Given: two checkpoints with the same tokenizer, and one that cuts earlier
        TokenizedProbes probes = new TokenizedProbes(1000);
        ProbeSet known = set("known", "a text");
        ProbeSet changed = set("known", "another text");
        try (TextClassifier first = model("first", 16);
                TextClassifier second = model("second", 16);
                TextClassifier shorter = model("shorter", 3)) {

            // When
            List<TokenizedText> texts = probes.of(known, first);

            // Then
            assertThat(probes.of(known, second)).isSameAs(texts);
            assertThat(probes.of(changed, first)).isNotSameAs(texts);
            assertThat(probes.of(known, shorter).get(0).length()).isEqualTo(3);
            assertThat(probes.of(known, first)).isSameAs(texts);
            assertThat(first.truncated()).isZero();
        }
    }

    @Test
    void shouldForgetTheSetThatWasNotAskedForLongest() throws IOException {
        try (TextClassifier model = model("model", 16)) {
            // Given: room for two of three
            int tokens = new TokenizedProbes(1000)
                    .of(set("a", "a text"), model)
                    .get(0)
                    .length();
            TokenizedProbes probes = new TokenizedProbes(2L * tokens);
            List<TokenizedText> first = probes.of(set("a", "a text"), model);
            List<TokenizedText> second = probes.of(set("b", "b text"), model);
            probes.of(set("a", "a text"), model);

            // When
            probes.of(set("c", "c text"), model);

            // Then
            assertThat(probes.of(set("a", "a text"), model)).isSameAs(first);
            assertThat(probes.of(set("b", "b text"), model)).isNotSameAs(second);
        }
    }

    private static ProbeSet set(String name, String text) {
        return ProbeSet.of(name, Distribution.IN_DISTRIBUTION, List.of(example("1", text, "yes")));
    }

    private TextClassifier model(String name, int maxTokens) throws IOException {
        OutputHead head = OutputHead.classes(List.of("no", "yes"));
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(ENCODER);
        Path model = Files.createDirectory(directory.resolve(name));
        try (TextEncoder encoder = TextEncoder.open(checkpoint, CPU);
                Weights weights = checkpoint.loadWeights(encoder.manager(), head, new Random(1))) {
            checkpoint.write(model, weights, head, maxTokens);
        }
        return TextClassifier.load(model, CPU);
    }
}
