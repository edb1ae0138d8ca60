import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory, Reflector } from '@nestjs/core';
import {
  AccessGuard,
  CALLER_ROLES,
  RolesAndOwnMerchant,
  TokenVerifier,
  type Issuer,
} from '@app/platform';

const [issuer] = JSON.parse(process.env['AUTH_ISSUERS']!) as [Issuer];
const issuers = [{ ...issuer, roles: [...CALLER_ROLES] }];

/** What a call costs that does nothing: who makes it is all that is looked at. */
@Controller('empty/:id')
class EmptyController {
  @Get()
  @RolesAndOwnMerchant('id')
  read(): object {
    return {};
  }
}

@Module({
  controllers: [EmptyController],
  providers: [
    {
      provide: APP_GUARD,
      useFactory: () =>
        new AccessGuard(
          new Reflector(),
          new TokenVerifier(issuers, { refusesEmbeddedKeys: false }),
        ),
    },
  ],
})
class EmptyModule {}

const app = await NestFactory.create(EmptyModule, { logger: ['error'] });
await app.listen(Number(process.env['API_PORT']), '127.0.0.1');
