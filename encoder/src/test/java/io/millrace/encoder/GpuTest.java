package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.config.OutputHead;
import io.millrace.encoder.torchscript.NativeEngine;
import io.millrace.encoder.torchscript.TorchScriptModule;
import io.millrace.encoder.torchscript.Workers;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** What only a machine with a GPU can show; on others these tests are skipped. */
@Tag("gpu")
@EnabledIf(value = "io.millrace.encoder.Gpu#isThere", disabledReason = Gpu.MISSING)
class GpuTest {

    private static final float NEAR = 1e-3f;
    private static final float NEAR_IN_BRAIN_FLOATS = 0.1f;

    @Test
    void shouldDrawTheMasksOfTheCpu() {
        EncoderConfig.Shape shape = new EncoderConfig.Shape(2, 3, 6, 6, 64, 2, 0, 1e-12, 0.02);
        EncoderConfig.Dropout dropout = new EncoderConfig.Dropout(0.1, 0.3, 0.2, 0);
        DropoutMasks.Sizes sizes = new DropoutMasks.Sizes(3_001, 40, 31, 77, 5);
        try (NDManager cpu = NativeEngine.get().newBaseManager(Device.cpu());
                NDManager gpu = NativeEngine.get().newBaseManager(Device.gpu(0))) {
            // When
            DropoutMasks.Masks expected =
                    new DropoutMasks(shape, dropout, 16, new SplittableRandom(1), Optional.empty()).draw(cpu, sizes);
            DropoutMasks.Masks drawn = new DropoutMasks(
                            shape,
                            dropout,
                            16,
                            new SplittableRandom(1),
                            Optional.of(DropoutMasks.OnDevice.load(gpu, Uploads.of(gpu))))
                    .draw(gpu, sizes);

            // Then
            assertThat(drawn.hidden().toByteArray()).isEqualTo(expected.hidden().toByteArray());
            assertThat(drawn.attention().toByteArray())
                    .isEqualTo(expected.attention().toByteArray());
            assertThat(drawn.last().toByteArray()).isEqualTo(expected.last().toByteArray());
            assertThat(drawn.lastAttention().toByteArray())
                    .isEqualTo(expected.lastAttention().toByteArray());
        }
    }

    @Test
    void shouldBringEachArrayAsItIsFromPinnedMemory() {
        try (NDManager gpu = NativeEngine.get().newBaseManager(Device.gpu(0))) {
            Uploads uploads = Uploads.of(gpu);
            for (int i = 0; i < 50; i++) {
                // When
                Uploads.Upload upload = uploads.to(gpu);
                Supplier<NDArray> longs = upload.add(i, Long.MIN_VALUE, Long.MAX_VALUE);
                Supplier<NDArray> flags = upload.add(new boolean[] {true, false}, new Shape(2, 1, 1, 1));
                Supplier<NDArray> floats = upload.add(-0f, 1.1f * i);
                upload.send();

                // Then
                assertThat(longs.get().getDevice().isGpu()).isTrue();
                assertThat(longs.get().toLongArray()).containsExactly(i, Long.MIN_VALUE, Long.MAX_VALUE);
                assertThat(flags.get().toBooleanArray()).containsExactly(true, false);
                assertThat(floats.get().toFloatArray()).containsExactly(-0f, 1.1f * i);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "xlm-roberta", "distilbert", "modernbert", "electra", "deberta-v2"})
    void shouldGiveTheLogitsOfTheCpu(String family) {
        // Given
        float[] expected;
        try (OpenModel model = new OpenModel(Goldens.directory(family))) {
            expected = model.logits(Goldens.TEXTS);
        }

        // When
        float[] exact;
        float[] rounded;
        try (OpenModel model = open(family, Precision.F32)) {
            exact = model.logits(Goldens.TEXTS);
        }
        try (OpenModel model = open(family, Precision.BF16)) {
            rounded = model.logits(Goldens.TEXTS);
        }

        // Then
        assertThat(exact).containsExactly(expected, within(NEAR));
        assertThat(rounded).containsExactly(expected, within(NEAR_IN_BRAIN_FLOATS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bert", "roberta", "distilbert", "modernbert", "electra"})
    void shouldAttendToPackedTokensAsToPaddedOnes(String family) {
        try (OpenModel model = open(family, Precision.BF16);
                NDManager scope = model.encoder().manager().newSubManager()) {
            EncoderConfig config = model.checkpoint().config();
            TextBatch batch = model.encoder().pack(scope, model.tokens(Goldens.TEXTS));
            Map<String, Object> attributes = new LinkedHashMap<>(KernelAttributes.of(
                    config, EncoderConfig.Dropout.NONE, Precision.BF16, 1, Adaptation.NONE, Device.gpu(0)));
            assertThat(attributes).containsEntry("packed", true);

            // When
            float[][] packed = PackedAttentionTest.results(
                    model, scope, TorchScriptModule.load(scope, "Encoder", attributes), batch);
            attributes.put("packed", false);
            float[][] padded = PackedAttentionTest.results(
                    model, scope, TorchScriptModule.load(scope, "Encoder", attributes), batch);

            // Then
            for (int i = 0; i < padded.length; i++) {
                assertThat(packed[i])
                        .containsExactly(
                                padded[i], within(NEAR_IN_BRAIN_FLOATS * PackedAttentionTest.largest(padded[i])));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {0.1f, 100, Float.NaN})
    void shouldTakeTheStepOfTheCpu(float scale) {
        // When / Then
        assertThat(stepped(Device.gpu(0), scale)).containsExactly(stepped(Device.cpu(), scale), within(1e-6f));
    }

    private static float[] stepped(Device device, float scale) {
        try (NDManager scope = NativeEngine.get().newBaseManager(device)) {
            NDArray weight = scope.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
            AdamW optimizer = new AdamW(scope, Map.of("weight", weight), new AdamW.Settings(0.9, 0.999, 1e-8, 0.1, 1));
            for (int step = 1; step <= 3; step++) {
                NDList gradients =
                        new NDList(scope.create(new float[] {scale * step, 0.5f, -scale, 0.1f}, new Shape(2, 2)));
                AdamW.Checked checked = optimizer.check(scope, gradients, List.of(scope.create(1f)), Workers.CALLER);
                optimizer.step(scope, gradients, checked, step, 0.1, Workers.CALLER);
            }
            return weight.toFloatArray();
        }
    }

    private static OpenModel open(String family, Precision precision) {
        return new OpenModel(
                EncoderCheckpoint.read(Goldens.directory(family)),
                OutputHead.classes(Goldens.LABELS),
                new Compute("cuda:0", precision),
                OpenModel.MAX_TOKENS);
    }
}
