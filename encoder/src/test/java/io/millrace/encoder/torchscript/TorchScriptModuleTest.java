package io.millrace.encoder.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.millrace.encoder.NativeScope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.Map;

class TorchScriptModuleTest extends NativeScope {

    private TorchScriptModule module;

    @BeforeEach
    void load() {
        module = TorchScriptModule.load(scope, "Faulty", Map.of());
    }

    @Test
    void shouldRunAMethodOfTheText() {
        // When
        NDArray square = module.call(scope, "square", scope.create(new float[] {0, 1, 2, 0}, new Shape(2, 2)))
                .get(0);

        // Then
        assertThat(square.toFloatArray()).containsExactly(2, 0, 0, 2);
    }

    @Test
    void shouldNameTheLineInWhichTheTextFails() {
        // When / Then
        assertThatThrownBy(() -> module.call(scope, "square", scope.create(new Shape(2, 3))))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("line 6")
                .hasMessageContaining("return torch.matmul(x, x)");
    }
}
