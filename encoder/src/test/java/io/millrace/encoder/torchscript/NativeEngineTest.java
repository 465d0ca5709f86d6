package io.millrace.encoder.torchscript;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import org.junit.jupiter.api.Test;

class NativeEngineTest {

    @Test
    void shouldFindADeviceUsableThatIsThere() {
        // When / Then
        assertThat(NativeEngine.isUsable(Device.cpu())).isTrue();
    }

    @Test
    void shouldCountTheGpusThatAreUsable() {
        // When
        int gpus = NativeEngine.gpus();

        // Then
        for (int gpu = 0; gpu < gpus; gpu++) {
            assertThat(NativeEngine.isUsable(Device.gpu(gpu))).isTrue();
        }
        assertThat(NativeEngine.isUsable(Device.gpu(gpus))).isFalse();
    }
}
