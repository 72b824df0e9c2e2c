package io.lb4j.plugins.wasm.engine;

import com.dylibso.chicory.wasm.types.FunctionType;
import com.dylibso.chicory.wasm.types.ValType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Function types as texts: {@code iij>i}. */
final class Signatures {
    private Signatures() {}

    static FunctionType parse(String signature) {
        int arrow = signature.indexOf('>');
        return FunctionType.of(types(signature.substring(0, arrow)), types(signature.substring(arrow + 1)));
    }

    private static List<ValType> types(String letters) {
        List<ValType> types = new ArrayList<>();
        for (int i = 0; i < letters.length(); i++) {
            types.add(
                    switch (letters.charAt(i)) {
                        case 'i' -> ValType.I32;
                        case 'j' -> ValType.I64;
                        case 'f' -> ValType.F32;
                        default -> ValType.F64;
                    });
        }
        return types;
    }

    /** Returns the text of a type. Types other than numbers are {@code ?}. */
    static String write(@Nullable FunctionType type) {
        if (type == null) {
            return "?>";
        }
        StringBuilder text = new StringBuilder();
        type.params().forEach(each -> text.append(letter(each)));
        text.append('>');
        type.returns().forEach(each -> text.append(letter(each)));
        return text.toString();
    }

    private static char letter(ValType type) {
        if (type.equals(ValType.I32)) {
            return 'i';
        }
        if (type.equals(ValType.I64)) {
            return 'j';
        }
        if (type.equals(ValType.F32)) {
            return 'f';
        }
        return type.equals(ValType.F64) ? 'd' : '?';
    }
}
