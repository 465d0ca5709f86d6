package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.tokens.TokenizedText;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.TorchScriptModule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;

/** To take a token out of a batch is to hide it from every layer by the attention mask: the others come out the same. */
class HiddenTokensTest {

    private static final float SAME = 1e-5f;

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "distilbert", "modernbert", "electra", "deberta-v2"})
    void shouldGiveTheOtherTokensWhatTheAttentionMaskWouldGiveThem(String family) {
        try (OpenModel model = new OpenModel(Goldens.directory(family));
                GradMode off = GradMode.off();
                NDManager scope = model.encoder().manager().newSubManager()) {
            // Given
            TextBatch batch = model.encoder().pack(scope, model.tokens(Goldens.TEXTS));
            boolean[] kept = everyThirdTakenOut(batch);

            // When
            ForwardPass pass = model.encoder().inferencePass(scope, model.weights());
            TextBatch seen = batch.keeping(scope, kept);
            float[] taken = pass.hidden(seen, pass.wordEmbeddings(seen)).toFloatArray();
            float[] hidden = hiddenByTheMask(model, scope, batch, kept);

            // Then
            assertThat(seen.tokens()).isLessThan(batch.tokens());
            assertThat(taken).containsExactly(hidden, within(SAME));
            assertThat(taken)
                    .as("what they would be beside the tokens taken out")
                    .isNotEqualTo(rows(pass.hidden(batch, pass.wordEmbeddings(batch)), kept));
        }
    }

    private static boolean[] everyThirdTakenOut(TextBatch batch) {
        boolean[] kept = new boolean[batch.tokens()];
        int start = 0;
        for (TokenizedText text : batch.texts()) {
            for (int i = 0; i < text.length(); i++) {
                kept[start + i] = text.special()[i] || i % 3 != 1;
            }
            start += text.length();
        }
        return kept;
    }

    /** The whole batch, in which no token attends to one that is not kept: what it makes of those that are. */
    private static float[] hiddenByTheMask(OpenModel model, NDManager scope, TextBatch batch, boolean[] kept) {
        TextBatch.Layout at = batch.layout();
        Shape shape = at.mask().getShape();
        boolean[] mask = new boolean[(int) shape.size()];
        long[] slots = at.slots().toLongArray();
        for (int i = 0; i < kept.length; i++) {
            mask[(int) slots[i]] = kept[i];
        }
        EncoderConfig config = model.checkpoint().config();
        TorchScriptModule kernels = TorchScriptModule.load(
                scope,
                "Encoder",
                KernelAttributes.of(
                        config,
                        EncoderConfig.Dropout.NONE,
                        Precision.F32,
                        config.blocks().readsSome() ? 4 : 1,
                        Adaptation.NONE,
                        Device.cpu()));
        NDList weights = kernels.call(scope, "prepare", model.weights().inKernelOrder());
        NDArray nothing = scope.create(new Shape(0), DataType.UINT8);
        NDArray hidden = kernels.call(
                        scope,
                        "hidden",
                        weights,
                        kernels.call(scope, "words", weights.get(0), batch.ids())
                                .get(0),
                        at.types(),
                        at.positions(),
                        at.slots(),
                        scope.create(mask, shape),
                        batch.all().at(),
                        batch.all().slots(),
                        batch.all().frame(),
                        nothing,
                        nothing,
                        nothing,
                        nothing,
                        nothing)
                .get(0);
        return rows(hidden, kept);
    }

    private static float[] rows(NDArray hidden, boolean[] kept) {
        int width = (int) hidden.getShape().get(1);
        float[] all = hidden.toFloatArray();
        List<Float> left = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            if (kept[i / width]) {
                left.add(all[i]);
            }
        }
        float[] rows = new float[left.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = left.get(i);
        }
        return rows;
    }
}
