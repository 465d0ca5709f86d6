package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.millrace.encoder.config.EncoderConfig;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.TorchScriptModule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** A training pass with masks and arrays as a GPU gets them, on the CPU: but for pinned memory, the whole way. */
class DevicePathTest {

    /** The place among the leaves of the norm of the embeddings, which is 32-bit. */
    private static final int NORM = 2;

    @ParameterizedTest
    @EnumSource(Precision.class)
    void shouldGiveTheBytesOfTheWayOfTheCpu(Precision precision) {
        try (OpenModel model = new OpenModel(Goldens.directory("bert"), Goldens.LABELS, precision);
                NDManager scope = model.encoder().manager().newSubManager()) {
            EncoderConfig config = model.checkpoint().config();
            assertThat(config.dropout().hidden()).isPositive();
            assertThat(config.dropout().attention()).isPositive();
            StepWeights weights = model.prepared(scope);

            // When
            float[][] ofTheCpu = results(
                    model.encoder().trainingPass(scope, weights, new Random(1)),
                    model.encoder().pack(scope, model.tokens(Goldens.TEXTS)));
            Uploads uploads = Uploads.joined(scope, /* pinned */ false);
            Uploads.Upload upload = uploads.to(scope);
            Supplier<TextBatch> batch = TextBatch.pack(
                    uploads,
                    upload,
                    model.tokens(Goldens.TEXTS),
                    config.firstPosition(),
                    model.checkpoint().isTyped());
            upload.send();
            int rowsAtOnce = precision == Precision.BF16 ? TextEncoder.ROWS_AT_ONCE : 1;
            float[][] ofAGpu = results(
                    new ForwardPass(
                            TorchScriptModule.load(
                                    scope,
                                    "Encoder",
                                    KernelAttributes.of(
                                            config,
                                            config.dropout(),
                                            precision,
                                            rowsAtOnce,
                                            Adaptation.NONE,
                                            Device.cpu())),
                            scope,
                            new DropoutMasks(
                                    config.shape(),
                                    config.dropout(),
                                    rowsAtOnce,
                                    new Random(1),
                                    Optional.of(DropoutMasks.OnDevice.load(scope, uploads))),
                            weights.view(scope),
                            new ForwardPass.Of(config.blocks(), uploads, Adaptation.NONE)),
                    batch.get());

            // Then
            assertThat(ofAGpu).isEqualTo(ofTheCpu);
        }
    }

    private static float[][] results(ForwardPass pass, TextBatch batch) {
        try (GradMode on = GradMode.on()) {
            NDArray logits = pass.classLogits(batch);
            StepWeights.PartGradients gradients = pass.gradients(logits.square().sum());
            return new float[][] {
                logits.toFloatArray(),
                gradients.lookups().get(0).toFloatArray(),
                gradients.leaves().get(NORM).toFloatArray()
            };
        }
    }
}
