// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// Compiles the functions that call the methods of an implementation. An instance is one of them: its fields are the
/// implementation and the number of the method. Methods that return a stage are reached by `start`, the others
/// by `run`.
final class FunctionsClass {

    private static final ClassDesc STAGE = TypeCompiler.desc(CompletionStage.class);
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_void, TypeCompiler.READER, TypeCompiler.WRITER);
    private static final MethodTypeDesc START = MethodTypeDesc.of(STAGE, TypeCompiler.READER);
    private static final int READER_SLOT = 1;
    private static final int WRITER_SLOT = 2;

    private final ClassDesc self;
    private final ClassDesc type;
    private final TypeCompiler compiler;
    private final boolean strict;

    private FunctionsClass(ClassDesc self, ClassDesc type, boolean strict) {
        this.self = self;
        this.type = type;
        this.compiler = new TypeCompiler(self);
        this.strict = strict;
    }

    /// Compiles.
    ///
    /// @return its constructor takes the implementation and the index of the method; what it makes is a
    ///     [SpsFunction.Body] and a [SpsFunction.StagedBody]
    static HiddenClass define(Lookup lookup, Class<?> type, List<MethodShape> methods, boolean strict) {
        ClassDesc self = HiddenClass.name(lookup, "SpsFunctions$" + type.getSimpleName());
        FunctionsClass functions = new FunctionsClass(self, TypeCompiler.desc(type), strict);
        byte[] bytes = HiddenClass.build(lookup, self, built -> {
            built.withInterfaceSymbols(
                    TypeCompiler.desc(SpsFunction.Body.class), TypeCompiler.desc(SpsFunction.StagedBody.class));
            HiddenClass.constructor(
                    built,
                    self,
                    List.of(new HiddenClass.Field("target", functions.type), new HiddenClass.Field("method", CD_int)));
            built.withMethodBody("run", RUN, ClassFile.ACC_PUBLIC, code -> functions.choose(code, methods, false));
            built.withMethodBody("start", START, ClassFile.ACC_PUBLIC, code -> functions.choose(code, methods, true));
            for (int k = 0; k < methods.size(); k++) {
                MethodShape shape = methods.get(k);
                built.withMethodBody(
                        "call" + k,
                        shape.isStaged() ? START : RUN,
                        ClassFile.ACC_PRIVATE,
                        code -> functions.call(code, shape));
            }
            functions.compiler.finish(built);
        });
        return HiddenClass.define(lookup, bytes, functions.compiler.classData());
    }

    /// Goes on in the method that this instance is for.
    private void choose(CodeBuilder code, List<MethodShape> methods, boolean isStaged) {
        Label other = code.newLabel();
        List<SwitchCase> cases = new ArrayList<>();
        for (int k = 0; k < methods.size(); k++) {
            if (methods.get(k).isStaged() == isStaged) {
                cases.add(SwitchCase.of(k, code.newLabel()));
            }
        }
        code.aload(0).getfield(self, "method", CD_int).lookupswitch(other, cases);
        for (SwitchCase one : cases) {
            code.labelBinding(one.target()).aload(0).aload(READER_SLOT);
            if (isStaged) {
                code.invokevirtual(self, "call" + one.caseValue(), START).areturn();
            } else {
                code.aload(WRITER_SLOT)
                        .invokevirtual(self, "call" + one.caseValue(), RUN)
                        .return_();
            }
        }
        ClassDesc mistake = TypeCompiler.desc(AssertionError.class);
        code.labelBinding(other).new_(mistake).dup();
        code.invokespecial(mistake, "<init>", MethodTypeDesc.of(CD_void)).athrow();
    }

    private void call(CodeBuilder code, MethodShape shape) {
        code.aload(0).getfield(self, "target", type);
        for (SpsType parameter : shape.parameters()) {
            code.aload(READER_SLOT);
            compiler.read(code, parameter);
        }
        // from here on the arguments are not to blame
        code.aload(READER_SLOT)
                .invokevirtual(TypeCompiler.READER, strict ? "end" : "skipRest", MethodTypeDesc.of(CD_void));
        code.invokeinterface(type, shape.method().getName(), shape.type());
        if (shape.isStaged()) {
            code.areturn();
            return;
        }
        SpsType result = shape.result();
        TypeKind kind = result == null ? TypeKind.VOID : TypeKind.from(result.javaType());
        int value = result == null ? -1 : code.allocateLocal(kind);
        if (result != null) {
            code.storeLocal(kind, value);
        }
        writeSuccess(code, shape.form());
        if (result != null) {
            code.aload(WRITER_SLOT).loadLocal(kind, value);
            compiler.write(code, result);
        }
        code.return_();
    }

    private static void writeSuccess(CodeBuilder code, ResultForm form) {
        if (form != ResultForm.PLAIN) {
            String flag = form == ResultForm.ERROR ? "success" : "expected";
            code.aload(WRITER_SLOT)
                    .invokevirtual(TypeCompiler.WRITER, flag, MethodTypeDesc.of(TypeCompiler.WRITER))
                    .pop();
        }
    }
}
