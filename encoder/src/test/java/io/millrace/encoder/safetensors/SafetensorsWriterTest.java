package io.millrace.encoder.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.NativeScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

class SafetensorsWriterTest extends NativeScope {

    @TempDir
    private Path directory;

    @Test
    void shouldGiveBackEveryTensorBitForBit() throws IOException {
        // Given
        float[] odd = {Float.MIN_VALUE, -0f, Float.NaN, Float.NEGATIVE_INFINITY, 1 / 3f, Float.MAX_VALUE};
        Map<String, NDArray> tensors = new LinkedHashMap<>();
        tensors.put("second", scope.create(odd, new Shape(2, 3)));
        tensors.put("first", scope.create(7f));

        // When
        Path file = directory.resolve("tensors");
        SafetensorsWriter.write(file, tensors);

        // Then
        try (SafetensorsFile read = SafetensorsFile.open(file)) {
            assertThat(read.entries().keySet()).containsExactly("second", "first");
            NDArray second = read.array(scope, "second");
            assertThat(second.getShape()).isEqualTo(new Shape(2, 3));
            assertThat(second.toFloatArray()).containsExactly(odd);
            assertThat(read.array(scope, "first").getShape()).isEqualTo(new Shape());
        }
    }

    @Test
    void shouldWriteTheSameBytesForTheSameTensors() throws IOException {
        // Given
        Map<String, NDArray> tensors = Map.of("w", scope.create(new float[] {1, 2, 3}));
        Map<String, NDArray> equal = Map.of("w", scope.create(new float[] {1, 2, 3}));

        // When
        SafetensorsWriter.write(directory.resolve("one"), tensors);
        SafetensorsWriter.write(directory.resolve("other"), equal);

        // Then
        assertThat(directory.resolve("one")).hasSameBinaryContentAs(directory.resolve("other"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"w", "we", "wei", "weig", "weigh", "weight", "weights", "weights."})
    void shouldAlignTheData(String name) throws IOException {
        // When
        Path file = directory.resolve("tensors");
        SafetensorsWriter.write(file, Map.of(name, scope.create(new float[] {1, 2})));

        // Then
        long headerBytes = ByteBuffer.wrap(Files.readAllBytes(file))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
        assertThat(headerBytes % 8).isZero();
        assertThat(Files.size(file)).isEqualTo(Long.BYTES + headerBytes + 2 * Float.BYTES);
    }
}
