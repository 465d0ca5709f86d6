package io.millrace.encoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ComputeTest {

    @Test
    void shouldHaveTheseDefaults() {
        // When / Then
        assertThat(new Compute(null, null))
                .isEqualTo(Compute.defaults())
                .isEqualTo(new Compute("auto", Precision.BF16));
    }

    @Test
    void shouldRefuseADeviceThatIsNone() {
        // When / Then
        assertThatThrownBy(() -> new Compute("gpu", null))
                .hasMessage("compute.device must be auto, cpu or cuda:N, got \"gpu\"");
    }

    @Test
    void shouldSayThatAGpuIsMissing() {
        // Given
        EncoderCheckpoint checkpoint = EncoderCheckpoint.read(Goldens.directory("bert"));

        // When / Then
        assertThatThrownBy(() -> TextEncoder.open(checkpoint, new Compute("cuda:99", null)))
                .as("a setting, not the files")
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("compute.device is cuda:99, but PyTorch sees ");
    }

    @Test
    void shouldCheckADeviceWithoutACheckpoint() {
        // When / Then
        TextEncoder.requireDevice(new Compute("cpu", null));
        assertThatThrownBy(() -> TextEncoder.requireDevice(new Compute("cuda:99", null)))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("compute.device is cuda:99, but PyTorch sees ");
    }
}
