package io.millrace.trainer.objective;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.encoder.AdamW;
import io.millrace.encoder.EffectiveRank;
import io.millrace.encoder.Weights;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.Workers;
import io.millrace.trainer.config.ProximalConfig;
import io.millrace.trainer.config.SmoothnessConfig;
import io.millrace.trainer.objective.masking.MaskingGoldens;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reproduces, in 32-bit arithmetic, every value that Hugging Face transformers and PyTorch autograd give in float64 on the
 * checkpoints of a fixture folder. Another folder: {@code ./mvnw test -Dgroups=golden -Dmillrace.goldens=DIR}.
 */
@Tag("golden")
class GoldenTest {

    private static final Map<String, Errors> WORST = new LinkedHashMap<>();

    @FunctionalInterface
    private interface Entry {
        void compare(GoldenCheckpoint golden, Errors errors);
    }

    @TestFactory
    Stream<DynamicContainer> shouldReproduceEveryGoldenValue() throws IOException {
        List<Path> checkpoints = checkpoints();
        assertThat(checkpoints).as("checkpoints in " + folder()).isNotEmpty();
        return checkpoints.stream()
                .map(directory -> DynamicContainer.dynamicContainer(
                        directory.getFileName().toString(), entries(directory)));
    }

    private static Stream<DynamicTest> entries(Path directory) {
        Stream<DynamicTest> forAll = Stream.of(
                entry(directory, "tokens", GoldenTest::tokens),
                entry(directory, "pairs", GoldenTest::pairs),
                entry(directory, "classification", GoldenTest::classification),
                entry(directory, "smoothness", GoldenTest::smoothness),
                entry(directory, "proximal", GoldenTest::proximal),
                entry(directory, "effectiveRank", GoldenTest::effectiveRank),
                DynamicTest.dynamicTest("training", () -> training(directory)));
        return GoldenCheckpoint.canPredictTokens(directory)
                ? Stream.concat(
                        forAll,
                        Stream.of(
                                entry(directory, "maskedToken", MaskingGoldens::maskedToken),
                                entry(directory, "maskTuning", MaskingGoldens::maskTuning),
                                entry(directory, "selfEvolution", MaskingGoldens::selfEvolution),
                                entry(directory, "excludedMask", MaskingGoldens::excludedMask)))
                : forAll;
    }

    @AfterAll
    static void printWorstErrors() {
        WORST.forEach((entry, error) -> System.out.printf(
                "golden %-32s worst relative error %.1e, absolute %.1e%n",
                entry, error.worst(), error.worstAbsolute()));
    }

    private static Path folder() {
        Path root = Path.of(System.getProperty("millrace.root", ".."));
        String other = System.getProperty("millrace.goldens", "encoder/src/test/resources/goldens");
        return root.resolve(other);
    }

    private static List<Path> checkpoints() throws IOException {
        try (Stream<Path> children = Files.list(folder())) {
            return children.filter(child -> Files.exists(child.resolve("expected.json")))
                    .sorted()
                    .toList();
        }
    }

    private static DynamicTest entry(Path directory, String name, Entry entry) {
        return DynamicTest.dynamicTest(name, () -> {
            Errors errors = new Errors();
            try (GoldenCheckpoint golden = new GoldenCheckpoint(directory, GoldenCheckpoint.UNUSED)) {
                entry.compare(golden, errors);
            } finally {
                WORST.put(directory.getFileName() + " " + name, errors);
            }
        });
    }

    private static void tokens(GoldenCheckpoint golden, Errors errors) {
        compareTokens(golden, golden.tokens(), "/tokens");
        List<TokenizedText> tokens = golden.tokens();
        for (int example = 0; example < tokens.size(); example++) {
            JsonNode special = golden.at("/tokens/special").get(example);
            for (int i = 0; i < special.size(); i++) {
                boolean expected = special.get(i).asDouble() != 0;
                boolean padding = i >= tokens.get(example).length();
                assertThat(padding || tokens.get(example).special()[i]).isEqualTo(expected);
            }
        }
    }

    private static void pairs(GoldenCheckpoint golden, Errors errors) {
        compareTokens(golden, golden.pairTokens(), "/pairs");
        errors.array(
                "logits",
                Errors.nodes(golden.at("/pairs/logits")),
                golden.pass().classLogits(golden.pack(golden.pairTokens())),
                Errors.LOSS_TOLERANCE);
    }

    private static void compareTokens(GoldenCheckpoint golden, List<TokenizedText> tokens, String entry) {
        JsonNode ids = golden.at(entry + "/ids");
        assertThat(tokens).hasSize(ids.size());
        for (int example = 0; example < ids.size(); example++) {
            TokenizedText text = tokens.get(example);
            for (int i = 0; i < ids.get(example).size(); i++) {
                boolean real = i < text.length();
                assertThat(real ? text.ids()[i] : golden.at("/padId").asInt())
                        .isEqualTo(ids.get(example).get(i).asInt());
                assertThat(real ? text.types()[i] : 0)
                        .isEqualTo(
                                golden.at(entry + "/types").get(example).get(i).asInt());
                assertThat(real ? 1 : 0)
                        .isEqualTo(golden.at(entry + "/attention")
                                .get(example)
                                .get(i)
                                .asInt());
            }
        }
    }

    private static void classification(GoldenCheckpoint golden, Errors errors) {
        StepContext step = golden.context();
        errors.array(
                "logits", Errors.nodes(golden.at("/classification/logits")), step.cleanLogits(), Errors.LOSS_TOLERANCE);
        golden.compare(errors, "/classification", GoldenCheckpoint.only(new TaskTerm(), step));
    }

    private static void smoothness(GoldenCheckpoint golden, Errors errors) {
        SmoothnessConfig config = new SmoothnessConfig(
                1.0,
                golden.at("/smoothness/radius").asDouble(),
                golden.at("/smoothness/stepSize").asDouble(),
                null,
                1);
        NDArray noise = golden.packed(golden.at("/smoothness/initialNoise"));
        SmoothnessTerm term = new SmoothnessTerm(config, step -> noise.duplicate());
        StepContext step = golden.context();
        NDArray inner = Divergences.symmetricKl(
                step.pass().classLogits(step.batch(), step.cleanWords().add(noise)), step.cleanLogits());
        errors.loss("inner loss", golden.at("/smoothness/innerLoss"), inner.getFloat());
        errors.array(
                "ascent gradient",
                golden.packedRows(golden.at("/smoothness/ascentGradient")),
                term.ascentGradient(step, noise.duplicate()),
                Errors.GRADIENT_TOLERANCE);
        errors.array(
                "perturbation",
                golden.packedRows(golden.at("/smoothness/perturbation")),
                term.worstPerturbation(step).perturbation(),
                Errors.GRADIENT_TOLERANCE);
        golden.compare(errors, "/smoothness", GoldenCheckpoint.only(term, step));
    }

    private static void proximal(GoldenCheckpoint golden, Errors errors) {
        Weights reference = golden.weights().copy(Workers.CALLER);
        try (GradMode off = GradMode.off()) {
            double scale = golden.at("/proximal/referenceScale").asDouble();
            reference.byName().values().forEach(weight -> weight.muli(scale));
        }
        StepContext step = golden.context(Optional.of(golden.pass(reference)));
        errors.array(
                "reference logits",
                Errors.nodes(golden.at("/proximal/referenceLogits")),
                step.referenceLogits(),
                Errors.LOSS_TOLERANCE);
        golden.compare(
                errors,
                "/proximal",
                GoldenCheckpoint.only(new ProximalTerm(new ProximalConfig(1.0, null, null, null)), step));
    }

    private static void effectiveRank(GoldenCheckpoint golden, Errors errors) {
        try (EffectiveRank rank = golden.effectiveRank()) {
            rank.add(golden.pass().hiddenStates(golden.pack(golden.tokens())));
            assertThat(EffectiveRank.TAU)
                    .isEqualTo(golden.at("/effectiveRank/tau").asDouble());
            assertThat(rank.ranks())
                    .extracting(EffectiveRank.Ranks::plain)
                    .containsExactlyElementsOf(integers(golden.at("/effectiveRank/perLayer")));
            assertThat(rank.ranks())
                    .extracting(EffectiveRank.Ranks::centred)
                    .containsExactlyElementsOf(integers(golden.at("/effectiveRank/perLayerCentred")));
        }
    }

    private static void training(Path directory) throws IOException {
        Errors errors = new Errors();
        JsonNode file = io.millrace.schemas.json.Json.mapper()
                .readTree(directory.resolve("expected.json").toFile())
                .get("training");
        AdamW.Settings settings = new AdamW.Settings(
                file.at("/betas/0").asDouble(),
                file.at("/betas/1").asDouble(),
                file.get("adamEpsilon").asDouble(),
                file.get("weightDecay").asDouble(),
                file.get("gradNormMax").asDouble());
        try (GoldenCheckpoint golden = new GoldenCheckpoint(directory, settings)) {
            for (int i = 0; i < file.get("losses").size(); i++) {
                NDArray loss = GoldenCheckpoint.only(new TaskTerm(), golden.context());
                errors.loss("loss of step " + (i + 1), file.get("losses").get(i), loss.getFloat());
                NDList gradients = golden.gradients(loss);
                AdamW.Checked checked =
                        golden.optimizer().check(golden.scope(), gradients, List.of(loss), Workers.CALLER);
                errors.loss(
                        "gradient norm of step " + (i + 1),
                        file.get("gradNorms").get(i),
                        checked.norm().getFloat());
                golden.optimizer()
                        .step(
                                golden.scope(),
                                gradients,
                                checked,
                                i + 1L,
                                file.get("learningRate").asDouble(),
                                Workers.CALLER);
                golden.renew();
            }
            errors.array(
                    "logits after",
                    Errors.nodes(file.get("logitsAfter")),
                    golden.context().cleanLogits(),
                    Errors.LOSS_TOLERANCE);
        } finally {
            WORST.put(directory.getFileName() + " training", errors);
        }
    }

    private static List<Integer> integers(JsonNode array) {
        return Errors.nodes(array).stream().map(JsonNode::asInt).toList();
    }
}
