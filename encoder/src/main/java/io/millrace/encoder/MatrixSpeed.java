package io.millrace.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.NativeEngine;
import io.millrace.encoder.torchscript.TorchScriptModule;

import java.util.Map;

/** The speed of this machine's CPU at products of large matrices: no step of a model can be faster than its arithmetic at this speed. */
public final class MatrixSpeed {

    private static final int SIZE = 1_536;
    private static final int PRODUCTS_PER_CALL = 4;
    private static final int REPEATS = 5;
    private static final int FLOAT32 = 6;
    private static final int BFLOAT16 = 15;

    private MatrixSpeed() {}

    /**
     * The largest of five measurements, with the compute threads of this process.
     *
     * @return billions of floating point operations per second; a multiplication and an addition are two
     */
    public static double gflops(Precision precision) {
        try (GradMode off = GradMode.off();
                NDManager scope = NativeEngine.get().newBaseManager(Device.cpu());
                TorchScriptModule kernels = TorchScriptModule.load(
                        scope, "Multiplication", Map.of("dtype", precision == Precision.BF16 ? BFLOAT16 : FLOAT32))) {
            NDArray x = scope.ones(new Shape(SIZE, SIZE));
            // The entries of every product are 1 again: no infinities, and no denormal numbers, which are slow.
            NDArray w = scope.ones(new Shape(SIZE, SIZE)).div(SIZE);
            double shortest = Double.POSITIVE_INFINITY;
            for (int i = 0; i <= REPEATS; i++) {
                long start = System.nanoTime();
                try (NDManager call = scope.newSubManager()) {
                    float unused = kernels.call(call, "chain", x, w).get(0).getFloat();
                }
                // The first call chooses its kernels.
                shortest = i == 0 ? shortest : Math.min(shortest, (double) (System.nanoTime() - start));
            }
            return PRODUCTS_PER_CALL * 2.0 * SIZE * SIZE * SIZE / shortest;
        }
    }
}
