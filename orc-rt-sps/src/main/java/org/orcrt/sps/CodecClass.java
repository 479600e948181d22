// SPDX-License-Identifier: Apache-2.0
package org.orcrt.sps;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.List;

/// Compiles the codec of one record.
final class CodecClass {

    private CodecClass() {}

    static SpsCodec<?> define(Lookup lookup, SpsType.Tuple record) {
        ClassDesc self =
                HiddenClass.name(lookup, "SpsCodec$" + record.javaType().getSimpleName());
        ClassDesc value = TypeCompiler.desc(record.javaType());
        TypeCompiler compiler = new TypeCompiler(self);
        byte[] bytes = HiddenClass.build(lookup, self, built -> {
            built.withInterfaceSymbols(TypeCompiler.CODEC);
            HiddenClass.constructor(built, self, List.of());
            built.withMethodBody(
                    "write", MethodTypeDesc.of(CD_void, TypeCompiler.WRITER, CD_Object), ClassFile.ACC_PUBLIC, code -> {
                        code.aload(1).aload(2).checkcast(value);
                        compiler.write(code, record);
                        code.return_();
                    });
            built.withMethodBody(
                    "read", MethodTypeDesc.of(CD_Object, TypeCompiler.READER), ClassFile.ACC_PUBLIC, code -> {
                        code.aload(1);
                        compiler.read(code, record);
                        code.areturn();
                    });
            built.withMethodBody(
                    "minBytes",
                    MethodTypeDesc.of(CD_long),
                    ClassFile.ACC_PUBLIC,
                    code -> code.loadConstant(record.minBytes()).lreturn());
            compiler.finish(built);
        });
        return (SpsCodec<?>)
                HiddenClass.define(lookup, bytes, compiler.classData()).make();
    }
}
