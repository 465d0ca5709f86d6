package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.safetensors.SafetensorsWriter;
import io.millrace.encoder.torchscript.TorchScriptModule;
import io.millrace.encoder.torchscript.Workers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

class AdamWTest extends NativeScope {

    private static final AdamW.Settings SETTINGS = new AdamW.Settings(0.5, 0.75, 0.5, 0.2, 6.5);

    @TempDir
    private Path directory;

    @Test
    void shouldDoTheStepOfTheFormula() {
        // Given
        Map<String, NDArray> weights = weights(1, 2, 3);
        AdamW optimizer = new AdamW(scope, weights, SETTINGS);
        NDList gradients = gradients(3, 4, 12);
        AdamW.Checked checked = check(optimizer, gradients);

        // When
        optimizer.step(scope, gradients, checked, 1, 0.1, Workers.CALLER);

        // Then the norm is 13, so that gradients are halved to 1.5, 2 and 6, and only the matrix decays
        assertThat(checked.norm().getFloat()).isEqualTo(13f);
        assertThat(weights.get("matrix").toFloatArray())
                .containsExactly(new float[] {0.98f - 0.1f * 1.5f / 2, 1.96f - 0.1f * 2 / 2.5f}, within(1e-6f));
        assertThat(weights.get("vector").toFloatArray())
                .containsExactly(new float[] {3 - 0.1f * 6 / 6.5f}, within(1e-6f));
        assertThat(optimizer.moments(scope).get("first_moment.vector").toFloatArray())
                .containsExactly(new float[] {3}, within(1e-6f));
        assertThat(optimizer.moments(scope).get("second_moment.matrix").toFloatArray())
                .containsExactly(new float[] {0.5625f, 1}, within(1e-6f));
    }

    @Test
    void shouldLeaveASmallGradientAsItIs() {
        // Given
        AdamW optimizer = new AdamW(scope, weights(1, 2, 3), SETTINGS);
        NDList gradients = gradients(0, 0, 6);

        // When
        optimizer.step(scope, gradients, check(optimizer, gradients), 1, 0.1, Workers.CALLER);

        // Then
        assertThat(optimizer.moments(scope).get("first_moment.vector").toFloatArray())
                .containsExactly(3f);
    }

    @Test
    void shouldGoOnFromWrittenMomentsAsIfItHadNeverStopped() throws IOException {
        // Given
        Map<String, NDArray> weights = weights(1, 2, 3);
        AdamW optimizer = new AdamW(scope, weights, SETTINGS);
        steps(optimizer, 1, 3);
        Map<String, NDArray> copies = new LinkedHashMap<>();
        weights.forEach((name, weight) -> copies.put(name, weight.duplicate()));
        Path file = directory.resolve("moments");
        SafetensorsWriter.write(file, optimizer.moments(scope));

        // When
        AdamW resumed = new AdamW(scope, copies, SETTINGS);
        resumed.resume(file);
        steps(optimizer, 4, 6);
        steps(resumed, 4, 6);

        // Then
        weights.forEach(
                (name, weight) -> assertThat(copies.get(name).toFloatArray()).containsExactly(weight.toFloatArray()));
        optimizer.moments(scope).forEach((name, moment) -> assertThat(
                        resumed.moments(scope).get(name).toFloatArray())
                .containsExactly(moment.toFloatArray()));
    }

    @Test
    void shouldRefuseMomentsOfAnotherShape() throws IOException {
        // Given
        Path file = directory.resolve("moments");
        SafetensorsWriter.write(file, Map.of("first_moment.vector", scope.zeros(new Shape(2))));
        AdamW optimizer = new AdamW(scope, weights(1, 2, 3), SETTINGS);

        // When / Then
        assertThatThrownBy(() -> optimizer.resume(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("first_moment.vector must have shape (1), got (2)");
    }

    @Test
    void shouldFollowWeightsThatHaveGrown() {
        // Given
        Map<String, NDArray> weights = weights(1, 2, 3);
        AdamW optimizer = new AdamW(scope, weights, SETTINGS);
        steps(optimizer, 1, 2);
        Map<String, float[]> before = new LinkedHashMap<>();
        optimizer.moments(scope).forEach((name, moment) -> before.put(name, moment.toFloatArray()));
        Map<String, NDArray> grown = new LinkedHashMap<>();
        grown.put("matrix", scope.create(new float[] {1, 2, 5, 6}, new Shape(2, 2)));
        grown.put("vector", weights.get("vector"));

        // When
        optimizer.follow(grown);

        // Then
        for (String kind : new String[] {"first_moment.", "second_moment."}) {
            float[] old = before.get(kind + "matrix");
            assertThat(optimizer.moments(scope).get(kind + "matrix").toFloatArray())
                    .containsExactly(old[0], old[1], 0, 0);
            assertThat(optimizer.moments(scope).get(kind + "vector").toFloatArray())
                    .containsExactly(before.get(kind + "vector"));
        }
        NDList gradients =
                new NDList(scope.create(new float[] {0, 0, 3, 4}, new Shape(2, 2)), scope.create(new float[] {0}));
        optimizer.step(scope, gradients, check(optimizer, gradients), 3, 0.1, Workers.CALLER);
        assertThat(grown.get("matrix").toFloatArray()[2]).isLessThan(5);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void shouldChangeNothingIfALossOrTheNormIsNotFinite(float value) {
        // Given
        Map<String, NDArray> weights = weights(1, 2, 3);
        AdamW optimizer = new AdamW(scope, weights, SETTINGS);
        NDList losses = new NDList(scope.create(1f), scope.create(value));

        // When
        AdamW.Checked loss = optimizer.check(scope, gradients(1, 1, 1), losses, Workers.CALLER);
        optimizer.step(scope, gradients(1, 1, 1), loss, 1, 0.1, Workers.CALLER);
        NDList gradients = gradients(1, value, 1);
        AdamW.Checked norm = check(optimizer, gradients);
        optimizer.step(scope, gradients, norm, 1, 0.1, Workers.CALLER);

        // Then
        assertThat(loss.unusable().getFloat()).isEqualTo(1);
        assertThat(norm.unusable().getFloat()).isEqualTo(1);
        assertThat(weights.get("matrix").toFloatArray()).containsExactly(1, 2);
        assertThat(optimizer.moments(scope).get("first_moment.matrix").toFloatArray())
                .containsExactly(0, 0);
        assertThat(optimizer.moments(scope).get("second_moment.vector").toFloatArray())
                .containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(floats = {0.1f, 100})
    void shouldGiveTheSameBytesWithoutReadingTheNorm(float scale) {
        // Given
        List<NDList> results = new ArrayList<>();
        for (boolean waits : new boolean[] {true, false}) {
            NDList w = gradients(1, 2, 3);
            NDList g = gradients(scale * 0.3f, scale * 0.7f, scale * 1.1f);
            NDList m = gradients(0.1f, 0.2f, 0.3f);
            NDList v = gradients(0.4f, 0.5f, 0.6f);
            NDList settings = new NDList();
            for (double value : new double[] {0.1, 0.9, 0.999, 0.01, 1e-8, 1, 3}) {
                settings.add(scope.create(value));
            }

            // When
            TorchScriptModule kernels = AdamW.kernels(scope, waits);
            NDArray norm =
                    kernels.call(scope, "norm", kernels.call(scope, "norms", g)).get(0);
            kernels.call(scope, "adamw", w, g, m, v, norm, scope.create(0f), settings);
            NDList result = new NDList(w);
            result.addAll(m);
            result.addAll(v);
            results.add(result);
        }

        // Then
        for (int i = 0; i < 6; i++) {
            assertThat(results.get(1).get(i).toFloatArray())
                    .containsExactly(results.get(0).get(i).toFloatArray());
        }
    }

    private AdamW.Checked check(AdamW optimizer, NDList gradients) {
        return optimizer.check(scope, gradients, List.of(scope.create(1f)), Workers.CALLER);
    }

    private void steps(AdamW optimizer, int first, int last) {
        for (int step = first; step <= last; step++) {
            Random random = new Random(step);
            NDList gradients = gradients(random.nextFloat(), random.nextFloat(), random.nextFloat());
            optimizer.step(scope, gradients, check(optimizer, gradients), step, 0.1, Workers.CALLER);
        }
    }

    private Map<String, NDArray> weights(float first, float second, float third) {
        Map<String, NDArray> weights = new LinkedHashMap<>();
        NDList values = gradients(first, second, third);
        weights.put("matrix", values.get(0));
        weights.put("vector", values.get(1));
        return weights;
    }

    private NDList gradients(float first, float second, float third) {
        return new NDList(
                scope.create(new float[] {first, second}, new Shape(1, 2)), scope.create(new float[] {third}));
    }
}
