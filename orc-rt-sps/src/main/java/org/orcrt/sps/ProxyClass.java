// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.orcrt.api.CallException;

/// Compiles an implementation of an interface whose methods call remote functions: one field for each.
final class ProxyClass {

    private static final ClassDesc CALL = TypeCompiler.desc(SpsCall.class);
    private static final ClassDesc FUNCTION = TypeCompiler.desc(RemoteFunction.class);
    private static final ClassDesc UNREADABLE = TypeCompiler.desc(SpsException.class);
    private static final ClassDesc FAILURE = TypeCompiler.desc(CallException.class);
    private static final ClassDesc STAGE = TypeCompiler.desc(CompletionStage.class);

    private final ClassDesc self;
    private final TypeCompiler compiler;
    private final boolean strict;

    private ProxyClass(ClassDesc self, boolean strict) {
        this.self = self;
        this.compiler = new TypeCompiler(self);
        this.strict = strict;
    }

    /// Compiles.
    ///
    /// @return its constructor takes the functions in the order of the methods
    static HiddenClass define(Lookup lookup, Class<?> type, List<MethodShape> methods, boolean strict) {
        ClassDesc self = HiddenClass.name(lookup, "SpsProxy$" + type.getSimpleName());
        ProxyClass proxy = new ProxyClass(self, strict);
        byte[] bytes = HiddenClass.build(lookup, self, built -> {
            built.withInterfaceSymbols(TypeCompiler.desc(type));
            List<HiddenClass.Field> fields = IntStream.range(0, methods.size())
                    .mapToObj(k -> new HiddenClass.Field("function" + k, FUNCTION))
                    .toList();
            HiddenClass.constructor(built, self, fields);
            for (int k = 0; k < methods.size(); k++) {
                proxy.method(built, methods.get(k), fields.get(k));
            }
            proxy.compiler.finish(built);
        });
        return HiddenClass.define(lookup, bytes, proxy.compiler.classData());
    }

    private void method(ClassBuilder built, MethodShape shape, HiddenClass.Field function) {
        SpsCodec<?> staged = shape.staged();
        built.withMethodBody(shape.method().getName(), shape.type(), ClassFile.ACC_PUBLIC, code -> {
            int call = code.allocateLocal(TypeKind.REFERENCE);
            int failure = code.allocateLocal(TypeKind.REFERENCE);
            Label begin = code.newLabel();
            Label end = code.newLabel();
            Label unreadable = code.newLabel();
            Label failed = code.newLabel();
            code.aload(0).getfield(self, function.name(), FUNCTION);
            code.invokestatic(CALL, "open", MethodTypeDesc.of(CALL, FUNCTION)).astore(call);
            code.labelBinding(begin);
            writeArguments(code, shape, call);
            if (staged == null) {
                await(code, shape, call);
            } else {
                code.aload(call);
                compiler.constant(code, staged);
                code.loadConstant(shape.timeoutNs())
                        .invokevirtual(CALL, "send", MethodTypeDesc.of(STAGE, TypeCompiler.CODEC, CD_long));
            }
            code.labelBinding(end);
            close(code, call);
            code.return_(TypeKind.from(shape.method().getReturnType()));
            code.labelBinding(unreadable);
            code.astore(failure).aload(call).aload(failure);
            code.invokevirtual(CALL, "unreadable", MethodTypeDesc.of(FAILURE, UNREADABLE));
            code.labelBinding(failed);
            code.astore(failure);
            close(code, call);
            code.aload(failure).athrow();
            code.exceptionCatch(begin, end, unreadable, UNREADABLE);
            code.exceptionCatchAll(begin, end, failed);
        });
    }

    private void writeArguments(CodeBuilder code, MethodShape shape, int call) {
        for (int k = 0; k < shape.parameters().size(); k++) {
            SpsType parameter = shape.parameters().get(k);
            code.aload(call).invokevirtual(CALL, "args", MethodTypeDesc.of(TypeCompiler.WRITER));
            code.loadLocal(TypeKind.from(parameter.javaType()), code.parameterSlot(k));
            compiler.write(code, parameter);
        }
    }

    /// Leaves the result on the stack.
    private void await(CodeBuilder code, MethodShape shape, int call) {
        String await = switch (shape.form()) {
            case PLAIN -> "await";
            case ERROR -> "awaitSuccess";
            case EXPECTED -> "awaitExpected";
        };
        int reply = code.allocateLocal(TypeKind.REFERENCE);
        code.aload(call).loadConstant(shape.timeoutNs());
        code.invokevirtual(CALL, await, MethodTypeDesc.of(TypeCompiler.READER, CD_long))
                .astore(reply);
        SpsType result = shape.result();
        if (result != null) {
            code.aload(reply);
            compiler.read(code, result);
        }
        if (strict) {
            code.aload(reply).invokevirtual(TypeCompiler.READER, "end", MethodTypeDesc.of(CD_void));
        }
    }

    private static void close(CodeBuilder code, int call) {
        code.aload(call).invokevirtual(CALL, "close", MethodTypeDesc.of(CD_void));
    }
}
