package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.torchscript.EditedKernels;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.TorchScriptModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The packed attention of a GPU, on the CPU: everything but FlashAttention's own kernel, in whose place stand plain operations that read
 * the same arguments. {@link GpuTest} runs the kernel itself.
 */
class PackedAttentionTest {

    private static final float SAME = 2e-5f;

    private static final String KERNEL = "torch._flash_attention_forward(";
    private static final String ARGUMENTS = "0., False, False, window_size_left=reach, window_size_right=reach)[0]";

    private static final String PLAIN =
            """

              # FlashAttention's result for queries [m, heads, size], keys and values [n, heads, size], example by example.
              def plain(self: __torch__.Encoder, q: Tensor, k: Tensor, v: Tensor, q_bounds: Tensor, k_bounds: Tensor, s: int, t: int, reach: int) -> Tensor:
                found = annotate(List[Tensor], [])
                for i in range(torch.sub(torch.size(q_bounds, 0), 1)):
                  qi = torch.transpose(torch.slice(q, 0, int(q_bounds[i]), int(q_bounds[torch.add(i, 1)])), 0, 1)
                  ki = torch.transpose(torch.slice(k, 0, int(k_bounds[i]), int(k_bounds[torch.add(i, 1)])), 0, 1)
                  vi = torch.transpose(torch.slice(v, 0, int(k_bounds[i]), int(k_bounds[torch.add(i, 1)])), 0, 1)
                  if torch.gt(torch.size(qi, 1), s):
                    ops.prim.RaiseException("more queries than stated")
                  if torch.gt(torch.size(ki, 1), t):
                    ops.prim.RaiseException("more keys than stated")
                  scores = torch.div(torch.matmul(qi, torch.transpose(ki, 1, 2)), torch.sqrt(float(torch.size(q, 2))))
                  if torch.ge(reach, 0):
                    at = torch.arange(torch.size(ki, 1), dtype=4)
                    far = torch.gt(torch.abs(torch.sub(torch.unsqueeze(at, 1), at)), reach)
                    scores = torch.masked_fill(scores, far, -inf)
                  torch.append(found, torch.transpose(torch.matmul(torch.softmax(scores, -1), vi), 0, 1))
                return torch.cat(found)
            """;

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "distilbert", "modernbert", "electra"})
    void shouldComputeWhatThePaddedAttentionComputes(String family) {
        try (OpenModel model = new OpenModel(Goldens.directory(family));
                NDManager scope = model.encoder().manager().newSubManager()) {
            TextBatch batch = model.encoder().pack(scope, model.tokens(Goldens.TEXTS));

            // When
            float[][] padded = results(model, scope, kernels(model, scope, false), batch);
            float[][] packed = results(model, scope, kernels(model, scope, true), batch);

            // Then
            for (int i = 0; i < padded.length; i++) {
                assertThat(packed[i]).containsExactly(padded[i], within(SAME * largest(padded[i])));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "modernbert"})
    void shouldSeeTheSameTokensWhenOthersAreTakenOut(String family) {
        try (OpenModel model = new OpenModel(Goldens.directory(family));
                NDManager scope = model.encoder().manager().newSubManager()) {
            TextBatch whole = model.encoder().pack(scope, model.tokens(Goldens.TEXTS));
            boolean[] kept = new boolean[whole.tokens()];
            IntStream.range(0, kept.length).forEach(i -> kept[i] = i % 3 != 1);
            IntStream.of(whole.firstIndices()).forEach(i -> kept[i] = true);
            TextBatch batch = whole.keeping(scope, kept);

            // When
            float[][] padded = results(model, scope, kernels(model, scope, false), batch);
            float[][] packed = results(model, scope, kernels(model, scope, true), batch);

            // Then
            for (int i = 0; i < padded.length; i++) {
                assertThat(packed[i]).containsExactly(padded[i], within(SAME * largest(padded[i])));
            }
        }
    }

    @Test
    void shouldCallTheKernelThatTheCpuLacks() {
        try (OpenModel model = new OpenModel(Goldens.directory("bert"), Goldens.LABELS, Precision.BF16);
                NDManager scope = model.encoder().manager().newSubManager()) {
            // Given
            Map<String, Object> attributes = attributes(model.checkpoint().config(), true);
            attributes.put("half", true);
            TorchScriptModule kernels = TorchScriptModule.load(scope, "Encoder", attributes);
            TextBatch batch = model.encoder().pack(scope, model.tokens(Goldens.TEXTS));

            // When / Then: libtorch knows the name and these arguments, and has no such kernel for the CPU
            assertThatThrownBy(() -> results(model, scope, kernels, batch))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("Could not run 'aten::_flash_attention_forward'")
                    .hasMessageContaining("'CPU' backend");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "distilbert", "modernbert", "electra", "deberta-v2"})
    void shouldChooseItWhereItComputesWhatTheLayersSay(String family) {
        // Given
        EncoderConfig config = EncoderCheckpoint.read(Goldens.directory(family)).config();
        boolean fits = !family.equals("deberta-v2");

        // When / Then
        assertThat(isPacked(config, EncoderConfig.Dropout.NONE, Precision.BF16, Device.gpu(0)))
                .as("a GPU, but no embedded distances")
                .isEqualTo(fits);
        assertThat(isPacked(config, EncoderConfig.Dropout.NONE, Precision.BF16, Device.cpu()))
                .as("no GPU")
                .isFalse();
        assertThat(isPacked(config, EncoderConfig.Dropout.NONE, Precision.F32, Device.gpu(0)))
                .as("no bfloat16")
                .isFalse();
        assertThat(isPacked(config, new EncoderConfig.Dropout(0, 0.1, 0, 0), Precision.BF16, Device.gpu(0)))
                .as("dropout of attention")
                .isFalse();
        assertThat(isPacked(config, new EncoderConfig.Dropout(0.1, 0, 0, 0), Precision.BF16, Device.gpu(0)))
                .as("other dropout")
                .isEqualTo(fits);
    }

    private static boolean isPacked(
            EncoderConfig config, EncoderConfig.Dropout dropout, Precision precision, Device device) {
        return (boolean) KernelAttributes.of(config, dropout, precision, 1, Adaptation.NONE, device)
                .get("packed");
    }

    private static Map<String, Object> attributes(EncoderConfig config, boolean packed) {
        Map<String, Object> attributes = new LinkedHashMap<>(KernelAttributes.of(
                config,
                EncoderConfig.Dropout.NONE,
                Precision.F32,
                config.blocks().readsSome() ? 4 : 1,
                Adaptation.NONE,
                Device.cpu()));
        attributes.put("packed", packed);
        return attributes;
    }

    private static TorchScriptModule kernels(OpenModel model, NDManager scope, boolean packed) {
        return EditedKernels.load(scope, attributes(model.checkpoint().config(), packed), text -> {
            assertThat(text).containsOnlyOnce(KERNEL).containsOnlyOnce(ARGUMENTS);
            return text.replace(KERNEL, "self.plain(").replace(ARGUMENTS, "reach)") + PLAIN;
        });
    }

    static float largest(float[] values) {
        float largest = 0;
        for (float value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** Representations, class logits, and the gradient of their squares for the word embeddings. */
    static float[][] results(OpenModel model, NDManager scope, TorchScriptModule kernels, TextBatch batch) {
        EncoderConfig config = model.checkpoint().config();
        try (GradMode on = GradMode.on()) {
            ForwardPass pass = new ForwardPass(
                    kernels,
                    scope,
                    DropoutMasks.none(config.shape()),
                    model.encoder().prepare(scope, model.weights()).view(scope),
                    new ForwardPass.Of(config.blocks(), model.encoder().uploads(), Adaptation.NONE));
            NDArray words = pass.wordEmbeddings(batch).stopGradient();
            words.setRequiresGradient(true);
            NDArray logits = pass.classLogits(batch, words);
            return new float[][] {
                pass.hidden(batch, words).toFloatArray(),
                logits.toFloatArray(),
                pass.inputGradient(logits.square().sum(), words).toFloatArray()
            };
        }
    }
}
