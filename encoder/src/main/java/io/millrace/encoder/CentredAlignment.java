package io.millrace.encoder;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.torchscript.GradMode;
import io.millrace.encoder.torchscript.NativeEngine;

import java.util.OptionalDouble;

/** Linear centred kernel alignment: how alike two representations of the same examples are. */
public final class CentredAlignment {

    private CentredAlignment() {}

    /**
     * {@code |Y'X|^2 / (|X'X| |Y'Y|)} in Frobenius norms, with the columns of X and Y less their means (Kornblith et al.
     * 2019, arXiv 1905.00414). From 0 to 1; it is the same if either is rotated or scaled. Computed on the CPU in 64 bits.
     *
     * @param x one row per example. Shape [examples, width]
     * @param y the same examples in the same order; the width may differ
     * @return empty if all rows of either are the same
     */
    public static OptionalDouble linear(float[][] x, float[][] y) {
        if (x.length != y.length || x.length == 0) {
            throw new IllegalArgumentException(
                    "both must have the same examples, at least one, got " + x.length + " and " + y.length);
        }
        try (GradMode off = GradMode.off();
                NDManager scope = NativeEngine.get().newBaseManager(Device.cpu())) {
            NDArray centredX = centred(scope, x);
            NDArray centredY = centred(scope, y);
            double cross = squaredNorm(centredY.transpose().matMul(centredX));
            double own = Math.sqrt(squaredNorm(centredX.transpose().matMul(centredX)))
                    * Math.sqrt(squaredNorm(centredY.transpose().matMul(centredY)));
            return own > 0 ? OptionalDouble.of(Math.min(1, cross / own)) : OptionalDouble.empty();
        }
    }

    /** Equal rows become exact zeros: means are taken as differences from the first row. */
    private static NDArray centred(NDManager scope, float[][] rows) {
        int width = rows[0].length;
        double[] means = new double[width];
        for (float[] row : rows) {
            for (int column = 0; column < width; column++) {
                means[column] += ((double) row[column] - rows[0][column]) / rows.length;
            }
        }
        double[] centred = new double[rows.length * width];
        for (int i = 0; i < centred.length; i++) {
            int column = i % width;
            centred[i] = (double) rows[i / width][column] - rows[0][column] - means[column];
        }
        return scope.create(centred, new Shape(rows.length, width));
    }

    private static double squaredNorm(NDArray matrix) {
        return matrix.square().sum().getDouble();
    }
}
